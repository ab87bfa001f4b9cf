-- Links from records to entities of the map (a concession to its parcel), each with its dates. A record names an entity by
-- its business key: when a new plan takes that key away, the link follows, waits for a human, or is told lost.

alter table core.couche
    add column relation text check (relation ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    add column cle text check (cle ~ '^[a-z][a-z0-9_]*$'),
    add check ((relation is null) = (cle is null));
comment on column core.couche.relation is 'Table des entités auxquelles une fiche se rattache (colonne geom) ; nulle quand rien ne s''y rattache';
comment on column core.couche.cle is 'Colonne de cette table par laquelle une entité est nommée : idu pour les parcelles';
update core.couche c set relation = l.relation, cle = l.cle
    from (values ('communes', 'cadastre.commune', 'insee'), ('sections', 'cadastre.section', 'id'),
        ('feuilles', 'cadastre.feuille', 'id'), ('parcelles', 'cadastre.parcelle', 'idu'),
        ('batiments', 'cadastre.batiment', 'cle'), ('lieux_dits', 'cadastre.lieu_dit', 'cle')) l (id, relation, cle)
    where c.id = l.id;

create table cadastre.filiation (
    mere text not null check (length(mere) = 14),
    fille text not null check (length(fille) = 14 and fille <> mere),
    acte text,
    le date,
    primary key (mere, fille)
);
comment on table cadastre.filiation is 'Parcelles issues d''une autre par acte (document d''arpentage, remaniement) ; sans elle, une parcelle disparue est suivie par recouvrement';
comment on column cadastre.filiation.acte is 'Référence de l''acte';

create function cadastre.descendance(idu text) returns setof text
    language sql stable set search_path = pg_catalog as $$
        with recursive suite (idu, rang) as (
            select f.fille, 1 from cadastre.filiation f where f.mere = $1
            union
            select f.fille, s.rang + 1
            from suite s
            join cadastre.filiation f on f.mere = s.idu
            where s.rang < 20 and not exists (select from cadastre.parcelle p where p.idu = s.idu)
        )
        select distinct p.idu from suite s join cadastre.parcelle p on p.idu = s.idu $$;
comment on function cadastre.descendance is 'Parcelles du plan qui descendent par acte d''une parcelle disparue, au plus par vingt actes';

create table core.rattachement (
    id uuid primary key default gen_random_uuid(),
    collectivite integer not null references acces.collectivite,
    insee text references core.commune,
    objet text not null references core.objet,
    cle uuid not null,
    couche text not null references core.couche,
    cle_entite text not null check (cle_entite <> '' and length(cle_entite) <= 200),
    role text not null check (role ~ '^[a-z][a-z0-9_]{0,39}$'),
    valide_du date not null,
    valide_au date check (valide_au >= valide_du),
    geom_au_lien geometry(Geometry, 2154) not null,
    batch uuid references core.import_batch,
    etat text not null default 'sur' check (etat in ('sur', 'a_confirmer', 'perdu')),
    propose jsonb not null default '[]' check (jsonb_typeof(propose) = 'array'),
    archivee_le timestamptz,
    version integer not null default 1,
    creee_le timestamptz not null default now(),
    check (etat = 'a_confirmer' or propose = '[]')
);
comment on table core.rattachement is 'Rattachements : ce qui lie une fiche à une entité de la carte, avec ses dates';
comment on column core.rattachement.cle is 'Fiche rattachée';
comment on column core.rattachement.cle_entite is 'Clé métier de l''entité : idu d''une parcelle';
comment on column core.rattachement.role is 'Ce que l''entité est pour la fiche : assiette, acces…';
comment on column core.rattachement.valide_au is 'Premier jour où le rattachement ne vaut plus ; nul tant qu''il vaut';
comment on column core.rattachement.geom_au_lien is 'Forme de l''entité quand un humain a fait le lien ; gardée quand le lien suit un nouveau plan';
comment on column core.rattachement.batch is 'Import qui a fait suivre ce rattachement, ou l''a mis en attente';
comment on column core.rattachement.etat is 'sur ; a_confirmer : l''entité a disparu, plusieurs suites sont possibles ; perdu : il n''en reste rien';
comment on column core.rattachement.propose is 'Suites possibles, la plus probable d''abord : clé, et part de l''ancienne forme qu''elle couvre';
create unique index rattachement_ouvert on core.rattachement (objet, cle, couche, role, cle_entite)
    where valide_au is null and archivee_le is null;
create index on core.rattachement (couche, cle_entite);
create index rattachement_attente on core.rattachement (objet) where etat <> 'sur' and valide_au is null and archivee_le is null;
create index on core.rattachement (collectivite);
create index on core.rattachement (insee);
create trigger version before update on core.rattachement for each row execute function core.avancer_version();

call core.proteger('rattachement', 'core.rattachement', 'sig');
-- A link is its record's: same owner, and opened to others by the mission of the object it hangs on.
do $$
declare
    hote text := 'collectivite = (select acces.ma_collectivite())
        or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[])';
begin
    execute format('alter policy lecture on core.rattachement using (%s)', hote);
    execute format('alter policy changement on core.rattachement using (%s) with check (%1$s)', hote);
    execute format('alter policy ajout on core.rattachement with check (%s)',
        'collectivite = (select acces.ma_collectivite()) and (insee is null or insee = any ((select acces.mon_territoire())::text[]))
        or insee = any ((select acces.mes_communes(o.mission) from core.objet o where o.nom = objet)::text[])');
end $$;

-- Its history too: the mission is that of the object, not that of the links.
create function core.mission_de_l_hote() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    new.mission := coalesce(
        (select o.mission from core.objet o where o.nom = coalesce(new.apres, new.avant) ->> 'objet'), new.mission);
    return new;
end $$;
comment on function core.mission_de_l_hote is 'Déclencheur : l''histoire de ce qui pend à un objet s''ouvre par la mission de cet objet';
create trigger mission before insert on core.historique for each row
    when (new.objet in ('rattachement', 'fichier_joint')) execute function core.mission_de_l_hote();

create or replace function core.suivre_commune() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    update core.piece_jointe set insee = new.insee
    where objet = tg_argv[0] and cle = new.id::text and insee is distinct from new.insee;
    update core.rattachement set insee = new.insee
    where objet = tg_argv[0] and cle = new.id and insee is distinct from new.insee;
    return null;
end $$;
comment on function core.suivre_commune is 'Déclencheur (objet) : fichiers joints et rattachements sont dans la commune de leur objet';

create function core.entite(couche text, cle text) returns public.geometry
    language plpgsql stable set search_path = pg_catalog, public as $$
declare
    place record;
    trouvee public.geometry;
begin
    select c.relation, c.cle, format_type(a.atttypid, null) as genre into place
    from core.couche c
    join pg_attribute a on a.attrelid = to_regclass(c.relation) and a.attname = c.cle and not a.attisdropped
    where c.id = entite.couche;
    if not found then
        return null;
    end if;
    execute format('select geom from %s where %I = $1::%s', place.relation, place.cle, place.genre) into trouvee using entite.cle;
    return trouvee;
exception when invalid_text_representation then
    return null;
end $$;
comment on function core.entite is 'Forme de l''entité de cette clé dans une couche, telle que la voit qui demande ; nulle quand il n''y en a pas';

create function core.part_couverte(ancienne public.geometry, entite public.geometry) returns double precision
    language sql immutable parallel safe set search_path = pg_catalog, public as $$
        select coalesce(case st_dimension(ancienne)
            when 2 then st_area(st_intersection(ancienne, entite)) / nullif(st_area(ancienne), 0)
            when 1 then st_length(st_intersection(ancienne, entite)) / nullif(st_length(ancienne), 0)
            else st_npoints(st_intersection(ancienne, entite)) / nullif(st_npoints(ancienne), 0)::double precision
        end, 0) $$;
comment on function core.part_couverte is 'Part d''une forme qu''une entité couvre, de 0 à 1 : surface, longueur ou points';

create function core.suivre_rattachements(couche text, batch uuid,
    out reconduits bigint, out a_confirmer bigint, out perdus bigint, out retrouves bigint)
    language plpgsql set search_path = pg_catalog, public as $$
declare
    place record;
    millesime date := (select b.millesime from core.import_batch b where b.id = suivre_rattachements.batch);
begin
    reconduits := 0;
    a_confirmer := 0;
    perdus := 0;
    retrouves := 0;
    select c.relation, c.cle into place from core.couche c where c.id = suivre_rattachements.couche and c.relation is not null;
    if not found then
        return;
    end if;
    execute format($requete$
        update core.rattachement r set etat = 'sur', propose = '[]', batch = $2
        where r.couche = $1 and r.etat <> 'sur' and r.valide_au is null and r.archivee_le is null
            and exists (select from %1$s e where e.%2$I::text = r.cle_entite)
    $requete$, place.relation, place.cle) using suivre_rattachements.couche, suivre_rattachements.batch;
    get diagnostics retrouves = row_count;
    execute format($requete$
        with disparu as materialized (
            select r.*, greatest(r.valide_du, coalesce($3, core.jour(r.insee))) as jour
            from core.rattachement r
            where r.couche = $1 and r.valide_au is null and r.archivee_le is null
                and not exists (select from %1$s e where e.%2$I::text = r.cle_entite)
        ), par_acte as materialized (
            select d.id, f.idu
            from disparu d
            cross join lateral cadastre.descendance(d.cle_entite) f (idu)
            where $1 = 'parcelles'
        ), candidat as (
            select d.id, a.idu as cle, core.part_couverte(d.geom_au_lien, e.geom) as part, true as acte
            from par_acte a
            join disparu d using (id)
            join %1$s e on e.%2$I::text = a.idu
            union all
            select d.id, e.%2$I::text, core.part_couverte(d.geom_au_lien, e.geom), false
            from disparu d
            join %1$s e on st_intersects(e.geom, d.geom_au_lien)
            where not exists (select from par_acte a where a.id = d.id)
        ), retenu as (
            select c.*, row_number() over (partition by c.id order by c.part desc, c.cle) as rang
            from candidat c
            where c.acte or c.part >= 0.01
        ), juge as materialized (
            select d.id,
                case when bool_or(c.acte) then case when count(*) = 1 then min(c.cle) end
                    when count(*) filter (where c.part >= 0.9) = 1 then min(c.cle) filter (where c.part >= 0.9)
                    end as suite,
                coalesce(jsonb_agg(jsonb_build_object('cle', c.cle, 'part', round(c.part::numeric, 4)) order by c.rang)
                    filter (where c.rang <= 20), '[]') as propose
            from disparu d
            left join retenu c using (id)
            group by d.id
        ), ouvert as (
            insert into core.rattachement (collectivite, insee, objet, cle, couche, cle_entite, role, valide_du, geom_au_lien, batch)
            select d.collectivite, d.insee, d.objet, d.cle, d.couche, j.suite, d.role, max(d.jour), st_union(d.geom_au_lien), $2
            from juge j
            join disparu d using (id)
            where j.suite is not null
            group by d.collectivite, d.insee, d.objet, d.cle, d.couche, j.suite, d.role
            on conflict do nothing
        ), suivi as (
            update core.rattachement r
            set valide_au = case when j.suite is not null then d.jour end,
                etat = case when j.suite is not null then 'sur' when j.propose = '[]' then 'perdu' else 'a_confirmer' end,
                propose = case when j.suite is not null then '[]' else j.propose end,
                batch = $2
            from juge j
            join disparu d using (id)
            where r.id = j.id
                and (j.suite is not null or (r.etat, r.propose) is distinct from
                    (case when j.propose = '[]' then 'perdu' else 'a_confirmer' end, j.propose))
            returning r.etat
        )
        select count(*) filter (where etat = 'sur'), count(*) filter (where etat = 'a_confirmer'), count(*) filter (where etat = 'perdu')
        from suivi
    $requete$, place.relation, place.cle)
    into reconduits, a_confirmer, perdus
    using suivre_rattachements.couche, suivre_rattachements.batch, millesime;
end $$;
comment on function core.suivre_rattachements is
    'Après un import : les rattachements dont l''entité a disparu suivent l''acte, sinon l''entité qui couvre 90 % de l''ancienne forme ; les autres attendent un humain. Sans effet une seconde fois';
revoke execute on function core.suivre_rattachements(text, uuid) from public;
