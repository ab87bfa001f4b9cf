select id, email from acces.utilisateur
