select
    greatest(
        (select max(rang) from journal.acte),
        (select max(rang) from journal.repere where chaine = $1),
        0
    ) as dernier,
    exists (select from journal.acte where rang is null) as attente
