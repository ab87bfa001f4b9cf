update core.rattachement
set valide_au = coalesce($4::date, greatest(valide_du, core.jour(insee))), etat = 'sur', propose = '[]'
where id = $1 and objet = $2 and cle = $3 and valide_au is null and archivee_le is null
    and ($4::date is null or $4 between valide_du and core.jour(insee))
