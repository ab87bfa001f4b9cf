-- Digests of the rows that hold one of these marks.
select md5(t::text) from core.annotation t where t::text like any ($1)
union all select md5(t::text) from core.personne t where t::text like any ($1)
union all select md5(t::text) from core.piece_jointe t where t::text like any ($1)
union all select md5(t::text) from core.travail t where t::text like any ($1)
union all select md5(t.id::text || t.libelle || (t.revoque_le is null)) from acces.jeton t where t::text like any ($1)
union all select md5(t.id::text || t.nom || t.actif) from acces.utilisateur t where t::text like any ($1)
order by 1
