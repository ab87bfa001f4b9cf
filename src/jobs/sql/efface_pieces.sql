delete from core.travail_piece p
using core.travail t
where t.id = p.travail
    and ($1::uuid is null or t.id = $1)
    and (t.etat in ('annule', 'echec') or t.etat = 'fait' and not p.livree)
