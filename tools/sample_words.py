"""Words that the sample data are made of. Every name made from them is invented."""

# (words in names, NAF, kinds that do it most, brand tail)
TRADES = (
    ("ESPACES VERTS", "8130Z", ("ACI", "EI", "ESAT", "EA")),
    ("JARDINS ET PAYSAGES", "8130Z", ("ACI", "EI", "ESAT")),
    ("ENTRETIEN DE RIVIERES", "8130Z", ("ACI",)),
    ("NETTOYAGE DE LOCAUX", "8121Z", ("EI", "AI", "EA", "ESAT")),
    ("PROPRETE URBAINE", "8129B", ("EI", "ACI")),
    ("VITRERIE ET PROPRETE", "8122Z", ("EI",)),
    ("TRAITEUR", "5621Z", ("EI", "ACI", "ESAT")),
    ("RESTAURATION COLLECTIVE", "5629B", ("ACI", "EA", "ESAT")),
    ("BLANCHISSERIE", "9601A", ("EI", "EA", "ESAT")),
    ("RECYCLERIE", "4779Z", ("ACI", "EI")),
    ("COLLECTE DE DECHETS", "3811Z", ("EI", "ACI")),
    ("TRI ET RECYCLAGE", "3832Z", ("EI", "EA")),
    ("RECYCLAGE DE PAPIER", "3832Z", ("EA", "EI")),
    ("MARAICHAGE", "0113Z", ("ACI", "ESAT")),
    ("PEINTURE EN BATIMENT", "4334Z", ("EI", "ACI")),
    ("SECOND OEUVRE", "4339Z", ("ACI", "EI")),
    ("MACONNERIE DU PATRIMOINE", "4399C", ("ACI",)),
    ("MENUISERIE", "4332A", ("ACI", "EI", "ESAT")),
    ("DEMOLITION ET CURAGE", "4311Z", ("EI",)),
    ("ISOLATION", "4329A", ("EI",)),
    ("COUTURE", "1413Z", ("ACI", "ESAT")),
    ("IMPRIMERIE", "1812Z", ("EA", "ESAT")),
    ("MISE SOUS PLI ET ROUTAGE", "8219Z", ("EA", "ESAT")),
    ("CONDITIONNEMENT", "8292Z", ("EA", "ESAT", "EI")),
    ("LOGISTIQUE", "5210B", ("EI", "EA")),
    ("DEMENAGEMENT", "4942Z", ("EI",)),
    ("TRANSPORT DE PERSONNES", "4939A", ("EI", "EA")),
    ("NUMERISATION DE DOCUMENTS", "6311Z", ("EA",)),
    ("SERVICES INFORMATIQUES", "6202A", ("EA",)),
    ("REEMPLOI INFORMATIQUE", "9511Z", ("EI", "ACI", "EA")),
    ("CABLAGE ET ELECTRONIQUE", "2612Z", ("EA", "ESAT")),
    ("METALLERIE", "2511Z", ("EA", "ESAT", "ACI")),
    ("PALETTES ET BOIS", "1624Z", ("EI", "ESAT")),
    ("ATELIER VELO", "9529Z", ("ACI", "EITI")),
    ("LIVRAISON A VELO", "5320Z", ("EITI", "EI")),
    ("AIDE A DOMICILE", "8810A", ("AI",)),
    ("GARDIENNAGE ET ACCUEIL", "8010Z", ("EI", "EA")),
    ("CENTRE D'APPELS", "8220Z", ("EA",)),
)
BY_KIND = {  # kinds whose trade is to lend staff
    "AI": ("EMPLOI SOLIDAIRE", "7830Z"),
    "ETTI": ("INTERIM D'INSERTION", "7820Z"),
    "EATT": ("INTERIM ADAPTE", "7820Z"),
    "GEIQ": ("GEIQ BATIMENT ET TRAVAUX PUBLICS", "7830Z"),
}
KINDS = {  # how many in a hundred, about as in the real directory, rare ones raised
    "ACI": 36, "EI": 21, "AI": 12, "ETTI": 7, "EITI": 2, "GEIQ": 5, "EA": 7, "EATT": 2, "ESAT": 8,
}  # fmt: skip
FORMS = {
    "ACI": "Association", "AI": "Association", "GEIQ": "Association", "ESAT": "Association",
    "EI": "SAS", "ETTI": "SAS", "EITI": "SAS", "EA": "SCIC", "EATT": "SAS",
}  # fmt: skip
PREFIXES = ("ASSOC", "ATELIERS", "CHANTIERS", "SOLIDARITE", "", "", "")
SYLLABLES = (
    ("BRAN", "VERDE", "OZE", "TIMA", "LUNE", "PELO", "CAZU", "FRIME", "GALO", "MIRA", "NOVE",
     "QUIN", "RUBE", "SOLI", "TREVE", "ULVI", "VALO", "WAPI", "XANTE", "YBER", "ZELI", "DORI"),
    ("LU", "ROMA", "BI", "QUE", "DO", "TI", "NAVE", "RI", "ZO", "PA", "MEL", "GUI"),
    ("NELLE", "DOUX", "RINE", "VAL", "TOUR", "BELLE", "CHAMP", "LANDE", "MONT", "SIERE", "QUET",
     "GAILLE"),
)  # fmt: skip
STREETS = (
    "Rue des Exemples", "Avenue du Modèle", "Chemin de l'Échantillon", "Place de l'Essai",
    "Impasse du Prototype", "Boulevard de la Maquette", "Allée du Gabarit",
)  # fmt: skip
SIZES = ("3 à 5 salariés", "6 à 9 salariés", "10 à 19 salariés", "20 à 49 salariés",
         "50 à 99 salariés", "")  # fmt: skip

# (title, CPV, types, lots as (title, CPV, trade of the structures that could win it))
MARKETS = (
    ("Entretien des espaces verts communaux", "77310000", "SERVICES",
     (("Tonte et taille", "77310000", "ESPACES VERTS"),
      ("Élagage et abattage", "77211400", "JARDINS ET PAYSAGES"),
      ("Désherbage du cimetière", "77312000", "ESPACES VERTS"))),
    ("Nettoyage des locaux et de la vitrerie", "90910000", "SERVICES",
     (("Écoles", "90919300", "NETTOYAGE DE LOCAUX"),
      ("Bâtiments administratifs", "90919200", "NETTOYAGE DE LOCAUX"),
      ("Vitrerie en hauteur", "90911300", "VITRERIE ET PROPRETE"))),
    ("Collecte des encombrants et des cartons", "90511000", "SERVICES",
     (("Encombrants en porte à porte", "90511100", "COLLECTE DE DECHETS"),
      ("Papiers et cartons des administrations", "90511400", "RECYCLAGE DE PAPIER"))),
    ("Prestations de traiteur et de plateaux-repas", "55520000", "SERVICES",
     (("Cocktails et réceptions", "55520000", "TRAITEUR"),
      ("Plateaux-repas", "55521200", "TRAITEUR"))),
    ("Rénovation de la salle polyvalente", "45454000", "TRAVAUX",
     (("Démolition et curage", "45111000", "DEMOLITION ET CURAGE"),
      ("Menuiseries intérieures", "45421000", "MENUISERIE"),
      ("Peinture et revêtements de sols", "45440000", "PEINTURE EN BATIMENT"))),
    ("Blanchisserie et location de linge", "98310000", "SERVICES",
     (("Linge plat", "98311000", "BLANCHISSERIE"),
      ("Vêtements de travail", "98312000", "BLANCHISSERIE"))),
    ("Impression, mise sous pli et distribution du bulletin", "79810000", "SERVICES",
     (("Impression", "79810000", "IMPRIMERIE"),
      ("Mise sous pli et routage", "79920000", "MISE SOUS PLI ET ROUTAGE"))),
    ("Déménagements et manutention", "98392000", "SERVICES", ()),
    ("Numérisation des actes d'état civil", "79999100", "SERVICES", ()),
    ("Restauration des murs du lavoir", "45262500", "TRAVAUX", ()),
    ("Fourniture de mobilier en bois pour les écoles", "39160000", "FOURNITURES", ()),
    ("Assurance dommages aux biens", "66515000", "SERVICES", ()),
    ("Maîtrise d'œuvre pour la voirie", "71300000", "SERVICES", ()),
    ("Acquisition d'un logiciel de gestion financière", "48000000", "FOURNITURES", ()),
    ("Gestion de la recyclerie intercommunale", "90514000", "SERVICES", ()),
)  # fmt: skip
# Execution conditions: {hours} is filled. Half state a clause, half do not, some deny one.
EXECUTION = (
    "Le titulaire réserve au moins {hours} heures d'insertion à des personnes éloignées de "
    "l'emploi, sur la durée du marché (article L.2112-2 du code de la commande publique).",
    "Clause obligatoire d'insertion par l'activité économique : {hours} heures pour chaque lot.",
    "Le marché comporte des conditions d'exécution à caractère environnemental : produits "
    "écolabellisés et réduction des emballages.",
    "Dans un souci de promotion de l'emploi et de lutte contre l'exclusion, {hours} heures de "
    "travail sont confiées à des demandeurs d'emploi de longue durée. Le facilitateur des clauses "
    "sociales accompagne le titulaire.",
    "Le marché ne comporte pas de conditions d'exécution à caractère social.",
    "Sans objet.",
    "Une caution personnelle et solidaire peut remplacer la retenue de garantie.",
    "Les prestations sont exécutées par émission de bons de commande.",
    None,
    None,
)
CRITERIA = (
    (("Prix des prestations", "60"), ("Valeur technique", "40")),
    (("Prix", "50"), ("Valeur technique", "35"), ("Performances en matière d'insertion", "15")),
    (("Prix", "55"), ("Qualité", "30"), ("Démarche environnementale", "15")),
)
