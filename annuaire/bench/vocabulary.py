"""Words to invent a register with: real towns and trades, organisations that do not exist."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Town:
    """A town with its weight: thousands of inhabitants, about."""

    name: str
    postcode: str
    departement: str
    departement_name: str
    region: str
    lat: float
    lon: float
    weight: int


@dataclass(frozen=True, slots=True)
class Trade:
    """An activity with the words that say it and sentences that describe it."""

    code: str
    group: str
    words: tuple[str, ...]
    tasks: tuple[str, ...]


_TOWNS = """
Paris|75012|75|Paris|11|48.84|2.39|2100
Marseille|13003|13|Bouches-du-Rhône|93|43.31|5.38|870
Lyon|69007|69|Rhône|84|45.74|4.84|520
Toulouse|31200|31|Haute-Garonne|76|43.63|1.45|490
Nice|06300|06|Alpes-Maritimes|93|43.70|7.28|340
Nantes|44000|44|Loire-Atlantique|52|47.22|-1.55|320
Montpellier|34070|34|Hérault|76|43.60|3.86|300
Strasbourg|67100|67|Bas-Rhin|44|48.56|7.76|290
Bordeaux|33300|33|Gironde|75|44.86|-0.56|260
Lille|59000|59|Nord|32|50.63|3.06|235
Rennes|35000|35|Ille-et-Vilaine|53|48.11|-1.68|220
Reims|51100|51|Marne|44|49.26|4.03|180
Le Havre|76600|76|Seine-Maritime|28|49.49|0.11|170
Saint-Étienne|42000|42|Loire|84|45.43|4.39|175
Toulon|83000|83|Var|93|43.12|5.93|178
Grenoble|38100|38|Isère|84|45.17|5.73|157
Dijon|21000|21|Côte-d’Or|27|47.32|5.04|159
Angers|49000|49|Maine-et-Loire|52|47.47|-0.55|157
Nîmes|30900|30|Gard|76|43.83|4.36|148
Clermont-Ferrand|63000|63|Puy-de-Dôme|84|45.78|3.09|147
Le Mans|72000|72|Sarthe|52|48.00|0.20|145
Brest|29200|29|Finistère|53|48.39|-4.49|140
Tours|37000|37|Indre-et-Loire|24|47.39|0.69|137
Amiens|80000|80|Somme|32|49.89|2.30|134
Limoges|87000|87|Haute-Vienne|75|45.83|1.26|130
Perpignan|66000|66|Pyrénées-Orientales|76|42.70|2.90|119
Metz|57000|57|Moselle|44|49.12|6.18|120
Besançon|25000|25|Doubs|27|47.24|6.02|118
Orléans|45000|45|Loiret|24|47.90|1.91|117
Rouen|76000|76|Seine-Maritime|28|49.44|1.10|114
Mulhouse|68100|68|Haut-Rhin|44|47.75|7.34|106
Caen|14000|14|Calvados|28|49.18|-0.37|108
Nancy|54000|54|Meurthe-et-Moselle|44|48.69|6.18|105
Roubaix|59100|59|Nord|32|50.69|3.17|98
Avignon|84000|84|Vaucluse|93|43.95|4.81|91
Poitiers|86000|86|Vienne|75|46.58|0.34|90
Dunkerque|59140|59|Nord|32|51.03|2.38|87
La Rochelle|17000|17|Charente-Maritime|75|46.16|-1.15|78
Pau|64000|64|Pyrénées-Atlantiques|75|43.30|-0.37|77
Calais|62100|62|Pas-de-Calais|32|50.95|1.86|67
Valence|26000|26|Drôme|84|44.93|4.89|64
Chambéry|73000|73|Savoie|84|45.57|5.92|59
Quimper|29000|29|Finistère|53|48.00|-4.10|63
Troyes|10000|10|Aube|44|48.30|4.07|62
Ajaccio|20090|2A|Corse-du-Sud|94|41.93|8.74|71
Bastia|20200|2B|Haute-Corse|94|42.70|9.45|48
Fort-de-France|97200|972|Martinique|02|14.60|-61.07|76
Saint-Denis|97400|974|La Réunion|04|-20.88|55.45|153
"""

_TRADES = """
nettoyage-locaux|proprete
nettoyage de locaux;entretien de bureaux;propreté;agent d’entretien
dépoussiérage des bureaux;lavage des sols;entretien des parties communes;vitrerie

nettoyage-vehicules|proprete
lavage de véhicules;nettoyage automobile
lavage écologique de flottes;nettoyage intérieur et extérieur

espaces-verts|espaces-verts
espaces verts;entretien de jardins;jardinage;tonte
taille de haies;tonte de pelouses;débroussaillage;désherbage

elagage|espaces-verts
élagage;abattage d’arbres
taille d’arbres;broyage de branches

rivieres|espaces-verts
entretien de rivières;milieux naturels
entretien des berges;sentiers de randonnée;lutte contre les espèces invasives

blanchisserie|linge
blanchisserie;lavage de linge;pressing
location et entretien de linge plat;repassage;vêtements de travail

couture|linge
couture;retouche;confection textile
ourlets;confection de sacs;broderie

restauration|alimentation
restauration collective;traiteur;plateaux-repas
buffets;cocktails;livraison de repas

maraichage|alimentation
maraîchage;légumes biologiques;paniers de légumes
culture de légumes de saison;vente de paniers

conditionnement|industrie
conditionnement;sous-traitance industrielle;assemblage
mise sous film;montage;contrôle de pièces;étiquetage

palettes|industrie
palettes;menuiserie;caisserie bois
réparation de palettes;fabrication de caisses

metal|industrie
métallerie;soudure;tôlerie
pliage;découpe laser;serrurerie

imprimerie|bureau
imprimerie;reprographie;mise sous pli
routage;publipostage;impression numérique

numerisation|bureau
numérisation;gestion électronique de documents;saisie
archivage;indexation de documents;saisie de données

accueil|bureau
accueil;standard téléphonique;centre d’appels
gestion d’appels;accueil physique

informatique|bureau
informatique;développement web;recette logicielle
tests d’applications;accessibilité de sites;support

recyclage|environnement
recyclage;collecte de déchets;tri
tri de papier;démantèlement d’appareils;collecte en bureaux

reemploi|environnement
réemploi;ressourcerie;recyclerie
vente de mobilier d’occasion;réparation d’appareils

demenagement|logistique
déménagement;manutention;logistique
transfert de bureaux;préparation de commandes;stockage

livraison|logistique
livraison;transport;dernier kilomètre
livraison à vélo;courses;navettes

peinture|batiment
peinture;ravalement;second œuvre
mise en peinture;pose de revêtements de sol

maconnerie|batiment
maçonnerie;gros œuvre;bâti ancien
murets;pierre sèche;dallage

plomberie|batiment
plomberie;chauffage;sanitaire
remplacement de robinetterie;pose d’appareils

electricite|batiment
électricité;courants faibles
mise en conformité;éclairage

voirie|batiment
voirie;petits travaux de terrassement;mobilier urbain
pose de bordures;entretien de chaussées;signalisation

gardiennage|services
gardiennage;médiation sociale;surveillance
rondes;présence en gare;veille de quartier

interim|services
mise à disposition de personnel;intérim d’insertion
délégation de salariés;remplacements

petite-enfance|services
crèche;garde d’enfants;petite enfance
accueil en horaires décalés

aide-domicile|services
aide à domicile;ménage;repassage
courses;entretien du logement

formation|services
formation;bilan de compétences;insertion professionnelle
savoirs de base;français à visée professionnelle
"""

KINDS = {
    "EI": "SIAE",
    "ACI": "SIAE",
    "AI": "SIAE",
    "ETTI": "SIAE",
    "EITI": "SIAE",
    "GEIQ": "SIAE",
    "EA": "handicap",
    "ESAT": "handicap",
}
FORMS = (
    "Atelier", "Ateliers", "Association", "Chantier", "Régie de quartier", "Entreprise adaptée",
    "ESAT", "Services", "Groupe", "Coopérative", "Relais", "Comité de bassin", "Maison", "Fabrique",
)  # fmt: skip
IMAGES = (
    "Passerelle", "Horizon", "Tremplin", "Arc-en-Ciel", "Nouveau Souffle", "Coup de Pouce", "Éveil",
    "Renaissance", "Envol", "Boussole", "Chrysalide", "Étoile", "Racines", "Solidaire", "Émeraude",
    "Colibri", "Phare", "Trait d’Union", "Élan", "Source", "Moulin", "Chênes", "Tilleuls",
)  # fmt: skip
SYLLABLES = (
    "ba", "bel", "bri", "cal", "char", "cor", "dan", "del", "dru", "fal", "fer", "fon", "gar",
    "gué", "jar", "la", "lam", "lor", "mar", "mel", "mon", "nan", "nor", "ol", "pel", "pra", "quin",
    "ra", "ril", "ro", "sal", "ser", "tan", "tel", "tor", "val", "ver", "vil", "zan",
)  # fmt: skip
VILLAGES = ("Saint-{}", "Bourg-{}", "{}-sur-Lys", "{}-le-Vieux", "Mont-{}", "{}court", "{}ville")


def _town(line: str) -> Town:
    name, postcode, departement, called, region, lat, lon, weight = line.split("|")
    return Town(name, postcode, departement, called, region, float(lat), float(lon), int(weight))


def _trade(block: str) -> Trade:
    head, words, tasks = block.splitlines()
    code, group = head.split("|")
    return Trade(code, group, tuple(words.split(";")), tuple(tasks.split(";")))


TOWNS = tuple(_town(line) for line in _TOWNS.strip().splitlines())
TRADES = tuple(_trade(block) for block in _TRADES.strip().split("\n\n"))
