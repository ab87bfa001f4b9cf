update core.vue
set nom = coalesce($2, nom), partagee = coalesce($3, partagee), etat = coalesce($4, etat)
where id = $1
