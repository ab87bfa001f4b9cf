-- Administration of rights: what « voir comme » must find again when it ends.

alter table acces.session add column collectivite_avant integer references acces.collectivite;
comment on column acces.session.collectivite_avant is 'Collectivité pour laquelle le compte agissait avant « voir comme »';

-- Acts of administration are written in the transaction of what they tell.
grant usage on schema journal to finage_acces;
