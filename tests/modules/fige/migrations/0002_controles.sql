create table controle (
    id uuid primary key default gen_random_uuid(),
    aire uuid not null references aire (id),
    fait_le date not null default current_date,
    constat text
);
comment on table controle is 'Contrôles';
