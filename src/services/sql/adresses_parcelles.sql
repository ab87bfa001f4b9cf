-- Declared parcels that the plan knows; the one under the point where none is declared; only what is one parcel alone.
with demande as (
    select a.insee, a.cle, a.parcelles, a.geom
    from unnest($1::text[], $2::text[]) as d (insee, cle)
    join adresse.adresse a using (insee, cle)
), trouvee as (
    select d.insee, d.cle, p.idu
    from demande d
    join cadastre.parcelle p on p.idu = any(d.parcelles)
    union
    select d.insee, d.cle, p.idu
    from demande d
    join cadastre.parcelle p on st_intersects(p.geom, d.geom)
    where d.parcelles = '{}'
)
select insee, cle, min(idu) as idu
from trouvee
group by insee, cle
having count(*) = 1
