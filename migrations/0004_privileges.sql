-- Who may do what: finage_owner owns, finage_app serves (reads only until identities exist),
-- finage_snapshot reads published layers, finage_backup reads everything.

grant usage on schema core, cadastre, adresse to finage_app, finage_snapshot, finage_backup;
grant select on all tables in schema core, cadastre, adresse to finage_app, finage_backup;
grant select on all tables in schema cadastre to finage_snapshot;
grant select on core.couche, core.parametre, core.commune to finage_snapshot;

alter default privileges in schema core, cadastre, adresse grant select on tables to finage_app, finage_backup;
alter default privileges in schema cadastre grant select on tables to finage_snapshot;
