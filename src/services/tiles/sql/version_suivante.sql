-- Snapshots of these layers are of a version that is no more.
update core.couche set version = version + 1 where id = any ($1::text[])
