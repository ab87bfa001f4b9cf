with perimees as (delete from acces.demande_externe where expire_le < now())
insert into acces.demande_externe (etat, navigateur, fournisseur, nonce, verifieur, suite, expire_le)
select $1, $2, $3, $4, $5, $6, now() + interval '10 minutes'
where (select count(*) from acces.demande_externe) < $7
