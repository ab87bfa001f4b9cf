-- An archived row, as it will be in two years.
update objets_trouves.objet set archivee_le = archivee_le - interval '2 years' where id = :'id'::uuid and archivee_le is not null;
