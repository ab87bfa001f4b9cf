with vue as (
    select s.id, s.collectivite, u.email from acces.session s
    join acces.utilisateur u on u.id = s.vue_comme
    where s.id = $1 and s.utilisateur = $2
    for update of s
), fermee as (
    update acces.session s set vue_comme = null, collectivite = s.collectivite_avant, collectivite_avant = null
    from vue where s.id = vue.id
)
select collectivite, email from vue
