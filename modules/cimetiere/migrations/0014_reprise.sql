-- Ce que gardent les opérations et les travaux repris d'une autre application.

alter table operation add column ancien_numero varchar(60);
comment on column operation.ancien_numero is 'Ancien numéro';

-- Nul ne sait plus quand une opération ou des travaux d'autrefois furent demandés.
alter table operation alter column demandee_le drop not null;
alter table travaux alter column demande_le drop not null;
