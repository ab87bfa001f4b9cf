delete from journal.acces
where rang > $1
    and rang <= $2
