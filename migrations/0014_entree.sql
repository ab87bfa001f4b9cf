-- Signing in: what a session tells of its provider, and sign-ins under way at a provider.

-- Acts on accounts are written with what they tell.
grant usage on schema journal to finage_acces;

alter table acces.session add column fournisseur text, add column id_token text;
comment on column acces.session.fournisseur is 'Fournisseur OpenID Connect par lequel la session a été ouverte ; nul pour un mot de passe';
comment on column acces.session.id_token is 'Jeton d''identité, rendu au fournisseur à la déconnexion';

create index on acces.essai (le);

create table acces.demande_externe (
    etat bytea primary key check (length(etat) = 32),
    navigateur bytea not null check (length(navigateur) = 32),
    fournisseur text not null,
    nonce text not null,
    verifieur text not null,
    suite text not null,
    expire_le timestamptz not null
);
comment on table acces.demande_externe is 'Connexions en cours chez un fournisseur OpenID Connect, dix minutes au plus';
comment on column acces.demande_externe.etat is 'Empreinte de « state »';
comment on column acces.demande_externe.navigateur is 'Empreinte du cookie du navigateur qui a demandé';
comment on column acces.demande_externe.verifieur is 'Secret PKCE';
create index on acces.demande_externe (expire_le);
