with sessions as (
    delete from acces.session where expire_le < now() or vue_le < now() - interval '30 minutes'
), demandes as (
    delete from acces.demande_externe where expire_le < now()
), liens as (
    delete from acces.lien where expire_le < now() - interval '7 days'
)
delete from acces.essai where le < now() - interval '1 day'
