update core.travail
set battement = now(), fait = coalesce($3, fait), total = coalesce($4, total), message = coalesce($5, message),
    rapport = coalesce($6, rapport)
where id = $1 and essai = $2 and etat = 'en_cours'
returning annulation
