create table fabricant (
    id uuid primary key default gen_random_uuid(),
    nom varchar(80) not null
);
comment on table fabricant is 'Fabricants';
