delete from cadastre.ecriture e
where e.insee = any($1)
    and e.genre = 'PARCELLE'
    and not exists (select from cadastre.parcelle p where p.idu = e.objet)
