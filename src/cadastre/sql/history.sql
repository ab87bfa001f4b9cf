insert into cadastre.parcelle_ancienne (idu, insee, contenance, feuille, millesime, motif, batch, geom)
select p.idu, p.insee, p.contenance, p.feuille, l.millesime,
    case d.sort when 'retire' then 'retiree' else 'modifiee' end, $1, p.geom
from stage_diff d
join cadastre.parcelle p on p.idu = d.cle
left join cadastre.livraison l on l.insee = p.insee and l.couche = 'parcelle'
where d.couche = 'parcelle'
    and (d.sort = 'retire' or (d.sort = 'modifie' and d.quoi && array['geom', 'contenance']))
