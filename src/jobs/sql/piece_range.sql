with moi as (
    select id
    from core.travail
    where id = $1 and essai = $2 and etat = 'en_cours'
    for share
), rangee as (
    insert into core.travail_piece (travail, rang, nom, type, octets, crc32, livree, contenu)
    select id, $3, $4, $5, $6, $7, $8, $9
    from moi
    on conflict do nothing
)
select exists (select from moi)
