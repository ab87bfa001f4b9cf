delete from core.travail
where expire_le < now()
