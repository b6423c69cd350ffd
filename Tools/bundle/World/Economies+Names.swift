extension Economies {
  /// Code (ISO 3166-1), English name, other names: Spanish, French, and what else people write.
  static let names = """
    ABW|Aruba|
    AFG|Afghanistan|Afganistán
    AGO|Angola|
    AIA|Anguilla|Anguila
    ALB|Albania|Albanie
    AND|Andorra|Andorre
    ARE|United Arab Emirates|Emiratos Árabes Unidos;Émirats arabes unis;UAE;EAU
    ARG|Argentina|Argentine
    ARM|Armenia|Arménie
    ASM|American Samoa|Samoa Americana;Samoa américaines
    ATA|Antarctica|Antártida;Antarctique
    ATF|French Southern Territories|Territorios Australes Franceses;Terres australes françaises
    ATG|Antigua and Barbuda|Antigua y Barbuda;Antigua-et-Barbuda
    AUS|Australia|Australie
    AUT|Austria|Autriche
    AZE|Azerbaijan|Azerbaiyán;Azerbaïdjan
    BDI|Burundi|
    BEL|Belgium|Bélgica;Belgique
    BEN|Benin|Benín;Bénin
    BES|Caribbean Netherlands|Caribe neerlandés;Pays-Bas caribéens
    BFA|Burkina Faso|
    BGD|Bangladesh|Bangladés
    BGR|Bulgaria|Bulgarie
    BHR|Bahrain|Baréin;Bahreïn
    BHS|Bahamas|
    BIH|Bosnia and Herzegovina|Bosnia y Herzegovina;Bosnie-Herzégovine
    BLM|Saint Barthélemy|San Bartolomé;Saint-Barthélemy;St. Barthélemy
    BLR|Belarus|Bielorrusia;Biélorussie
    BLZ|Belize|Belice
    BMU|Bermuda|Bermudas;Bermudes
    BOL|Bolivia|Bolivie;Plurinational State of Bolivia
    BRA|Brazil|Brasil;Brésil
    BRB|Barbados|Barbade
    BRN|Brunei|Brunéi
    BTN|Bhutan|Bután;Bhoutan
    BVT|Bouvet Island|Isla Bouvet;Île Bouvet
    BWA|Botswana|Botsuana
    CAF|Central African Republic|República Centroafricana;République centrafricaine
    CCK|Cocos (Keeling) Islands|Islas Cocos;Îles Cocos
    CHE|Switzerland|Suiza;Suisse
    CHL|Chile|Chili
    CHN|China|Chine;PRC;People's Republic of China
    CIV|Côte d'Ivoire|Costa de Marfil;Ivory Coast
    CMR|Cameroon|Camerún;Cameroun
    COD|DR Congo|República Democrática del Congo;République démocratique du Congo;Congo - Kinshasa;Democratic Republic of the Congo
    COG|Republic of the Congo|República del Congo;République du Congo;Congo;Congo - Brazzaville
    COK|Cook Islands|Islas Cook;Îles Cook
    COL|Colombia|Colombie
    COM|Comoros|Comoras;Comores
    CPV|Cape Verde|Cabo Verde;Cap-Vert
    CRI|Costa Rica|
    CUB|Cuba|
    CUW|Curaçao|Curazao
    CXR|Christmas Island|Isla de Navidad;Île Christmas
    CYM|Cayman Islands|Islas Caimán;Îles Caïmans
    CYP|Cyprus|Chipre;Chypre
    CZE|Czechia|Chequia;Tchéquie;Czech Republic;República Checa
    DEU|Germany|Alemania;Allemagne
    DJI|Djibouti|Yibuti
    DMA|Dominica|Dominique
    DNK|Denmark|Dinamarca;Danemark
    DOM|Dominican Republic|República Dominicana;République dominicaine
    DZA|Algeria|Argelia;Algérie
    ECU|Ecuador|Équateur
    EGY|Egypt|Egipto;Égypte
    ERI|Eritrea|Érythrée
    ESP|Spain|España;Espagne
    EST|Estonia|Estonie
    ETH|Ethiopia|Etiopía;Éthiopie
    FIN|Finland|Finlandia;Finlande
    FJI|Fiji|Fiyi;Fidji
    FLK|Falkland Islands|Islas Malvinas;Îles Malouines
    FRA|France|Francia
    FRO|Faroe Islands|Islas Feroe;Îles Féroé
    FSM|Micronesia|Micronésie
    GAB|Gabon|Gabón
    GBR|United Kingdom|Reino Unido;Royaume-Uni;UK;Great Britain;Gran Bretaña
    GEO|Georgia (country)|Republic of Georgia;República de Georgia;République de Géorgie
    GHA|Ghana|
    GIB|Gibraltar|
    GIN|Guinea|Guinée
    GMB|Gambia|Gambie
    GNB|Guinea-Bissau|Guinea-Bisáu;Guinée-Bissau
    GNQ|Equatorial Guinea|Guinea Ecuatorial;Guinée équatoriale
    GRC|Greece|Grecia;Grèce
    GRD|Grenada|Granada;Grenade
    GRL|Greenland|Groenlandia;Groenland
    GTM|Guatemala|
    GUM|Guam|
    GUY|Guyana|
    HKG|Hong Kong|
    HMD|Heard and McDonald Islands|Islas Heard y McDonald;Îles Heard-et-MacDonald
    HND|Honduras|
    HRV|Croatia|Croacia;Croatie
    HTI|Haiti|Haití;Haïti
    HUN|Hungary|Hungría;Hongrie
    IDN|Indonesia|Indonésie
    IND|India|Inde
    IRL|Ireland|Irlanda;Irlande
    IRN|Iran|Irán;Islamic Republic of Iran
    IRQ|Iraq|Irak
    ISL|Iceland|Islandia;Islande
    ISR|Israel|Israël
    ITA|Italy|Italia;Italie
    JAM|Jamaica|Jamaïque
    JOR|Jordan|Jordania;Jordanie
    JPN|Japan|Japón;Japon
    KAZ|Kazakhstan|Kazajistán
    KEN|Kenya|Kenia
    KGZ|Kyrgyzstan|Kirguistán;Kirghizstan
    KHM|Cambodia|Camboya;Cambodge
    KIR|Kiribati|
    KNA|Saint Kitts and Nevis|San Cristóbal y Nieves;Saint-Christophe-et-Niévès;St. Kitts and Nevis
    KOR|South Korea|Corea del Sur;Corée du Sud;Korea;Republic of Korea;Republic of Korea (South Korea);República de Corea
    KWT|Kuwait|Koweït
    LAO|Laos|Lao PDR
    LBN|Lebanon|Líbano;Liban
    LBR|Liberia|
    LBY|Libya|Libia;Libye
    LCA|Saint Lucia|Santa Lucía;Sainte-Lucie;St. Lucia
    LKA|Sri Lanka|
    LSO|Lesotho|Lesoto
    LTU|Lithuania|Lituania;Lituanie
    LUX|Luxembourg|Luxemburgo
    LVA|Latvia|Letonia;Lettonie
    MAC|Macao|
    MAR|Morocco|Marruecos;Maroc
    MDA|Moldova|Moldavia;Moldavie;Republic of Moldova
    MDG|Madagascar|
    MDV|Maldives|Maldivas
    MHL|Marshall Islands|Islas Marshall;Îles Marshall
    MKD|North Macedonia|Macedonia del Norte;Macédoine du Nord;Macedonia
    MLI|Mali|
    MLT|Malta|Malte
    MMR|Myanmar|Burma;Birmania
    MNE|Montenegro|Monténégro
    MNG|Mongolia|Mongolie
    MNP|Northern Mariana Islands|Islas Marianas del Norte;Îles Mariannes du Nord
    MOZ|Mozambique|
    MRT|Mauritania|Mauritanie
    MSR|Montserrat|
    MUS|Mauritius|Mauricio;Maurice
    MWI|Malawi|Malaui
    MYS|Malaysia|Malasia;Malaisie
    NAM|Namibia|Namibie
    NCL|New Caledonia|Nueva Caledonia;Nouvelle-Calédonie
    NER|Niger|Níger
    NFK|Norfolk Island|Isla Norfolk;Île Norfolk
    NGA|Nigeria|
    NIC|Nicaragua|
    NIU|Niue|
    NLD|Netherlands|Países Bajos;Pays-Bas;Holland
    NOR|Norway|Noruega;Norvège
    NPL|Nepal|Népal
    NRU|Nauru|
    NZL|New Zealand|Nueva Zelanda;Nouvelle-Zélande
    OMN|Oman|Omán
    PAK|Pakistan|Pakistán
    PAN|Panama|Panamá
    PCN|Pitcairn Islands|Islas Pitcairn;Îles Pitcairn
    PER|Peru|Perú;Pérou
    PHL|Philippines|Filipinas
    PLW|Palau|Palaos
    PNG|Papua New Guinea|Papúa Nueva Guinea;Papouasie-Nouvelle-Guinée
    POL|Poland|Polonia;Pologne
    PRK|North Korea|Corea del Norte;Corée du Nord;DPR Korea
    PRT|Portugal|
    PRY|Paraguay|
    PSE|Palestine|Palestina
    PYF|French Polynesia|Polinesia Francesa;Polynésie française
    QAT|Qatar|Catar
    ROU|Romania|Rumanía;Roumanie
    RUS|Russia|Rusia;Russie;Russian Federation
    RWA|Rwanda|Ruanda
    SAU|Saudi Arabia|Arabia Saudí;Arabie saoudite
    SDN|Sudan|Sudán;Soudan
    SEN|Senegal|Sénégal
    SGP|Singapore|Singapur;Singapour
    SGS|South Georgia and the South Sandwich Islands|Islas Georgia del Sur y Sandwich del Sur;Géorgie du Sud-et-les Îles Sandwich du Sud
    SHN|Saint Helena|Santa Elena;Sainte-Hélène;St. Helena
    SLB|Solomon Islands|Islas Salomón;Îles Salomon
    SLE|Sierra Leone|Sierra Leona
    SLV|El Salvador|Salvador
    SMR|San Marino|Saint-Marin
    SOM|Somalia|Somalie
    SPM|Saint Pierre and Miquelon|San Pedro y Miquelón;Saint-Pierre-et-Miquelon;St. Pierre and Miquelon
    SRB|Serbia|Serbie
    SSD|South Sudan|Sudán del Sur;Soudan du Sud
    STP|São Tomé and Príncipe|Santo Tomé y Príncipe;Sao Tomé-et-Principe
    SUR|Suriname|Surinam
    SVK|Slovakia|Eslovaquia;Slovaquie
    SVN|Slovenia|Eslovenia;Slovénie
    SWE|Sweden|Suecia;Suède
    SWZ|Eswatini|Esuatini;Swaziland
    SXM|Sint Maarten|Saint-Martin (partie néerlandaise)
    SYC|Seychelles|
    SYR|Syria|Siria;Syrie;Syrian Arab Republic
    TCA|Turks and Caicos Islands|Islas Turcas y Caicos;Îles Turques-et-Caïques
    TCD|Chad|Tchad
    TGO|Togo|
    THA|Thailand|Tailandia;Thaïlande
    TJK|Tajikistan|Tayikistán;Tadjikistan
    TKL|Tokelau|
    TKM|Turkmenistan|Turkmenistán;Turkménistan
    TLS|Timor-Leste|Timor Oriental;Timor oriental;East Timor
    TON|Tonga|
    TTO|Trinidad and Tobago|Trinidad y Tobago;Trinité-et-Tobago
    TUN|Tunisia|Túnez;Tunisie
    TUR|Türkiye|Turquía;Turquie;Turkey
    TUV|Tuvalu|
    TWN|Taiwan|Taiwán;Taïwan;Chinese Taipei
    TZA|Tanzania|Tanzanie;United Republic of Tanzania
    UGA|Uganda|Ouganda
    UKR|Ukraine|Ucrania
    URY|Uruguay|
    UZB|Uzbekistan|Uzbekistán;Ouzbékistan
    VAT|Vatican City|Ciudad del Vaticano;État de la Cité du Vatican;Holy See
    VCT|Saint Vincent and Grenadines|San Vicente y las Granadinas;Saint-Vincent-et-les Grenadines;St. Vincent and Grenadines
    VEN|Venezuela|
    VGB|British Virgin Islands|Islas Vírgenes Británicas;Îles Vierges britanniques
    VNM|Vietnam|Viêt Nam;Viet Nam
    VUT|Vanuatu|
    WSM|Samoa|
    YEM|Yemen|Yémen
    ZAF|South Africa|Sudáfrica;Afrique du Sud
    ZMB|Zambia|Zambie
    ZWE|Zimbabwe|Zimbabue
    """
}
