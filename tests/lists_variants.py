"""Small lists, each with one habit of those who keep lists; visits and people counted by hand.

A sheet of `TEXTS` is a csv; a workbook of `WORKBOOKS` has rows for each sheet.
"""

# ruff: noqa: E501
# fmt: off
import datetime

TEXTS = {
    "data naar rechts tekst": ('Naam;ma 4 jan;ma 11 jan;ma 18 jan;Aantal keer\nAnna de Boer;x;;X;2\nKees;x;x;;2\nTotaal;2;1;1;4\n', 4, 2, "utf-8"),
    "datums d-m": ('Presentielijst 2021\n\nCode,4-1,11-1,18-1\nA01,aanw,afw,aanw\nA02,ziek,aanw,aanw\n\n* afw = afwezig\n', 4, 2, "utf-8"),
    "aantal per dag": ('Datum;Taal;Klussen;Ontmoeting;Totaal\n04-01-2021;3;2;;5\n05-01-2021;1;;4;5\n\nTotaal;4;2;4;10\nGemiddeld;2;2;4;5\n', 10, 0, "utf-8"),
    "register": ('datum;activiteit;aantal deelnemers;bijzonderheden\n4 januari 2021;Taal;12;mooi weer\n5 januari 2021;Klussen;3;\n6 jan 2021;Taal;;dicht\n', 15, 0, "utf-8"),
    "google": ('Tijdstempel,Op welke plek was je?,Wat kwam je doen?,Naam\n2021/03/19 1:22:00 p.m. CET,Plek 0,"Taal, Klussen",Jan Jansen\n2021/03/20 11:22:00 a.m. CET,Plek 1,Taal,Piet Puk\n', 3, 2, "utf-8"),
    "googlenl": ('Tijdstempel,Locatie,Activiteit,Pasnummer\n19-3-2021 13:22:00,Plek 0,"Taal, Klussen",12\n2-4-2021 13:22:00,Plek 1,Taal,13\n', 3, 2, "utf-8"),
    "maanden omlaag": ('Maand;Taal;Klussen;Som\nJanuari;10;5;15\nFebruari;8;4;12\nMaart;;3;3\nTotaal;18;12;30\n', 30, 0, "utf-8"),
    "weken omlaag": ('Week;Ochtend;Middag\n1;5;3\n2;6;\n3;1;2\n', 17, 0, "utf-8"),
    "jan onder namen": ('Taal januari 2021;;;;\nNaam;4;11;18;25\nPiet;x;;x;x\nJan;x;x;;x\nAhmed;;x;x;\n', 8, 3, "utf-8"),
    "jan tussen namen onder dagen": ('1-2-2021;8-2-2021;15-2-2021\nMo;Mo;Mo\nAnne-Marie;Bas;Els\nJan;Jan;Jan\nBo;Bo;\n', 11, 6, "utf-8"),
    "jan als laatste onder dagen": ('2-1-2021;9-1-2021\nEd;Ed\nBas;Öznur\nEls;Mo\nJan;\n', 7, 6, "utf-8"),
    "jan alleen op een dag": ('2-3-2021;9-3-2021;16-3-2021\nJan;Jan;Jan\nKim;;Bas\nEd;;\n', 6, 4, "utf-8"),
    "maand na lege rijen": ('Bijgehouden door Ans;;\n;;\n;;\n;;\nJanuari 2019;;\nNaam;8;15\nAnna;x;\nDirk;x;x\n', 3, 2, "utf-8"),
    "weken boven namen, een lege kolom": (';Januari 2019;;\n;Week 1;ma 7;wo 9\n;Anna;x;\n;Bea;;x\n', 2, 2, "utf-8"),
    "naam rechts en een opmerking": ('4-1-2021;11-1-2021;Naam\nx;x;Anna Bos\n;x;Bea Vos\n;;\nLet op: de koffie is op;;\n', 3, 2, "utf-8"),
    "nieuwe bezoekers, een lege kolom": (';Plek 0 2019;;\n;;Januari;Februari\n;Aantal bezoeken;100;110\n;Aantal unieke bezoekers;40;42\n;Aantal nieuwe bezoekers;5;6\n', 210, 0, "utf-8"),
    "jan naast namen": ('Taal januari 2021;;;;\nDag;Jan;Piet;Ahmed;Fatima\n4;x;x;;x\n11;x;;x;x\n18;;x;x;\n', 8, 4, "utf-8"),
    "jan naast een naam is een maand": ('Naam;Maand;Aantal keer\nAnna;jan-21;2\nPiet;jan;1\n', 3, 2, "utf-8"),
    "maand leeftijd": ('Leeftijd;jan-21;feb-21;mrt-21;Gem.\n0 t/m 12;5;6;7;6\n13-18;1;;2;1,5\n19+;3;3;3;3\n', 30, 0, "utf-8"),
    "locatie x maand": ('Bezoekers 2021;januari;februari;maart;Totaal\nPlek 0;10;20;30;60\nPlek 1;1;2;3;6\nTotaal;11;22;33;66\n', 66, 0, "utf-8"),
    "nr naam": ('Nr;Naam;Telefoon;04-01-2021;11-01-2021\n1;Anna de Boer;0612345678;x;x\n2;Kees Bos;0612345679;;x\n3;Mo Ali;;x;\n', 4, 3, "utf-8"),
    "mix en": ('Datum;Deelnemer;Activiteiten\n4-1-2021;p01;Taal en klussen\n4-1-2021;p02;Taal + Ontmoeting\n5-1-2021;p01;taal/klussen\n6-1-2021;p03;Formulieren\n', 7, 3, "utf-8"),
    "jaar maand": ('Jaar;Maand;Dienst;Aantal\n2021;1;Taal;5\n2021;2;Taal;6\n2021;2;Klussen;1\n', 12, 0, "utf-8"),
    "dag maand jaar kolommen": ('Dag;Maand;Jaar;Aantal\n4;1;2021;5\n5;2;2021;6\n', 11, 0, "utf-8"),
    "ja nee": ('Naam;4-1-2021;11-1-2021;18-1-2021\nAnna Bos;ja;nee;ja\nBea Vos;nee;ja;\n', 3, 2, "utf-8"),
    "tab": ('Datum\tNaam\tDienst\n4-1-2021\tAnna Bos\tTaal\n4-1-2021\tBea Vos\tTaal\n', 2, 2, "utf-8"),
    "geen kop": ('4-1-2021;12\n5-1-2021;8\n6-1-2021;9\n', 29, 0, "utf-8"),
    "bezoekers enkel": ('datum;bezoekers\nma 4-1-2021;12\ndi 5-1-2021;8\n', 20, 0, "utf-8"),
    "dagen getallen": ('Presentie taal januari 2021\nNaam;4;6;11;13;18\nAnna Bos;x;;x;;x\nBea Vos;;x;;x;\n', 5, 2, "utf-8"),
    "weekdagen": ('Presentie 2021\n;ma;wo;ma;wo\nNaam;4-1;6-1;11-1;13-1\nAnna Bos;1;;1;\nBea Vos;;1;;1\nAantal;1;1;1;1\n', 4, 2, "utf-8"),
    "weken across": ('Inloop 2021\nDienst;week 1;week 2;week 3;Totaal\nTaal;5;6;7;18\nKlussen;1;;3;4\n', 22, 0, "utf-8"),
    "weeknrs": ('Inloop 2021;;;;\nWeek;1;2;3;Totaal\nTaal;5;6;7;18\nKlussen;1;;3;4\n', 22, 0, "utf-8"),
    "gasten": ('Naam;4-1-2021;11-1-2021\nAnna Bos;x;x\nBea Vos;;x\nOverige bezoekers;3;2\nTotaal;4;4\n', 8, 2, "utf-8"),
    "serials": ('Datum;Aantal\n44200;5\n44201;6\n', 11, 0, "utf-8"),
    "mv": ('Datum;M;V;Totaal\n4-1-2021;5;3;8\n11-1-2021;2;1;3\n', 11, 0, "utf-8"),
    "tijdvak": ('Datum;09:00;13:00\n4-1-2021;5;3\n11-1-2021;2;1\n', 11, 0, "utf-8"),
    "deelnemers kolom": ('Datum;Activiteit;Deelnemers\n4-1-2021;Taal;5\n11-1-2021;Klussen;2\n', 7, 0, "utf-8"),
    "namen in cel": ('Datum;Activiteit;Namen\n4-1-2021;Taal;Anna Bos, Bea Vos\n11-1-2021;Klussen;Anna Bos\n', 3, 2, "utf-8"),
    "vrijw": ('Datum;Vrijwilliger;Van;Tot;Uren\n4-1-2021;Anna Bos;09:00;12:00;3\n5-1-2021;Bea Vos;09:00;11:00;2\n', 2, 2, "utf-8"),
    "blokken": ('Taal januari 2021\nNaam;4-1;11-1\nAnna Bos;x;x\nBea Vos;;x\n\nTaal februari 2021\nNaam;1-2;8-2\nAnna Bos;x;\nKees Bot;x;x\n', 6, 3, "utf-8"),
    "dagblokken": ('Inloop januari 2021\nDag;Aantal\n4;5\n5;6\nTotaal;11\n\nInloop februari 2021\nDag;Aantal\n1;2\n2;3\nTotaal;5\n', 16, 0, "utf-8"),
    "services down days": ('Activiteit;ma 4-1-2021;di 5-1-2021;wo 6-1-2021;Totaal\nTaal;5;;3;8\nKlussen;;2;;2\nTotaal;5;2;3;10\n', 10, 0, "utf-8"),
    "anoniem": ('Datum,Tijd,Waarvoor\n4-1-2021,10:00,Taal\n4-1-2021,11:00,Klussen\n5-1-2021,10:00,Taal\n', 3, 0, "utf-8"),
    "loc and service columns": ('Locatie;Activiteit;jan;feb;mrt;Totaal\nPlek 0;Taal;1;2;3;6\n;Klussen;4;5;6;15\nPlek 1;Taal;7;8;9;24\n;Klussen;;1;;1\nTotaal;;12;16;18;46\n', 46, 0, "utf-8"),
    "v streep": ('Deelnemer;04/01/2021;11/01/2021;18/01/2021\np01;v;-;v\np02;-;v;v\np03;-;-;-\n', 4, 2, "utf-8"),
    "engels": ('Name,Jan 4 2021,Jan 11 2021\nAnna Bos,x,\nBea Vos,x,x\n', 3, 2, "utf-8"),
    "yy": ('Datum;Wie;Wat\n04-01-21;p1;Taal\n4-1-21;p2;Klussen\n', 2, 2, "utf-8"),
    "punten": ('Datum;Aantal\n4.1.2021;1.204\n5.1.2021;3\n', 1207, 0, "utf-8"),
    "totaal eerst": ('Totaal;Taal;Klussen;Datum\n5;3;2;4-1-2021\n6;6;;5-1-2021\n', 11, 0, "utf-8"),
    "jan-jun zonder titel": (';jan;feb;mrt\nTaal;1;2;3\nKlussen;4;5;6\nTotaal;5;7;9\n', 21, 0, "utf-8"),
    "kinderen volw": ('Datum;Gezin;Aantal volwassenen;Aantal kinderen;Totaal\n4-1-2021;g1;2;3;5\n5-1-2021;g2;1;0;1\n', 6, 0, "utf-8"),
    "mail": ('Timestamp,Email Address,Which activity?\n1/13/2021 10:00:00,a@b.nl,Taal\n2/3/2021 10:00:00,c@b.nl,"Taal, Klussen"\n', 3, 0, "utf-8"),
    "dubbelekop mv": ('Bezoekers 2021;;;;;\nDienst;jan;;feb;;Totaal\n;m;v;m;v;\nTaal;1;2;3;4;10\nKlussen;;1;;1;2\nTotaal;1;3;3;5;12\n', 12, 0, "utf-8"),
    "maand in tekst": ('Maand;Aantal\njanuari 2021;10\nfebruari 2021;12\nmaart 2021;\nTotaal;22\n', 22, 0, "utf-8"),
    "jaren down": ('Bezoekers Plek 0;jan;feb;mrt;Totaal\n2020;1;2;3;6\n2021;4;5;6;15\n', 21, 0, "utf-8"),
    "naam dienst sep": ('Naam;Dienst;sep;okt;nov\nAnna Bos;Taal;x;x;\nBea Vos;Klussen;;x;x\n', 4, 2, "utf-8"),
    "note lang": ('Naam;4-1-2021;11-1-2021\nAnna Bos;x;was ziek\nBea Vos;x (laat);x\n', 3, 2, "utf-8"),
    "aantal naast naam": ('Datum;Naam;Aantal personen\n4-1-2021;Anna Bos;3\n5-1-2021;Bea Vos;1\n', 4, 2, "utf-8"),
    "namen van twee letters": ('4-1-2021;11-1-2021;18-1-2021\nJo;Bo;Jo\nEd;Jo;\nBo;;\n', 6, 3, "utf-8"),
    "voorletter zonder punt": ('4-1-2021;11-1-2021\nS Bakker;N Jansen\nAnna Bos;S Bakker\ndicht;\n', 4, 3, "utf-8"),
    "zin onder namen": ('4-1-2021;11-1-2021\nAnna Bos;Bea Vos\nBea Vos;\n\nLet op: de koffie is op;\n', 3, 2, "utf-8"),
    "zin onder nummers": ('Nr;Naam;Datum\n1;Anna Bos;4-1-2021\n2;Bea Vos;4-1-2021\n\nWie er niet bij staat, was er niet;;\n', 2, 2, "utf-8"),
    "wie de lijst bijhield": ('Datum;Vrijwilliger;Bezoekers\n4-1-2021;Anna Bos;9\n5-1-2021;Bea Vos;4\n', 13, 0, "utf-8"),
    "weken als 1.0": ('Taal 2021;;\nWeek;ma;di\n1.0;5.0;2.0\n2.0;7.0;\n', 14, 0, "utf-8"),
    "cp1252": ('Datum;Activiteit;Aantal\n4-1-2021;Taal;3\n4-1-2021;Ontmoéting;2\n', 5, 0, "cp1252"),
    "cijfer naast wie kwam": ('Datum;Naam;Activiteit;Hoe vond u het?\n4-1-2021;Anna Bos;Taal;4\n5-1-2021;Bea Vos;Klussen;5\n6-1-2021;Anna Bos;Taal;3\n', 3, 2, "utf-8"),
    "twee vragen naast wie kwam": ('Datum;Naam;Vraag 1;Vraag 2\n4-1-2021;Anna Bos;4;2\n5-1-2021;Bea Vos;5;3\n', 2, 2, "utf-8"),
    "vinkjes naast een bezoek": ('Datum;Naam;Activiteit;Foto mag;Nieuwsbrief\n4-1-2021;Anna Bos;Taal;ja;ja\n5-1-2021;Bea Vos;Klussen;nee;nee\n', 2, 2, "utf-8"),
    "kinderen die meekwamen": ('Datum;Naam;Aantal kinderen;Activiteit\n4-1-2021;Anna Bos;3;Taal\n5-1-2021;Bea Vos;;Taal\n6-1-2021;Anna Bos;1;Taal\n', 7, 2, "utf-8"),
    "volwassenen en kinderen per gezin": ('Datum;Naam;Volwassenen;Kinderen\n4-1-2021;Anna Bos;2;3\n5-1-2021;Bea Vos;1;\n', 6, 2, "utf-8"),
    "status per rij": ('Nummer;Activiteit;Datum;Status\n012;Taal;4-1-2021;Aanwezig\n013;Taal;4-1-2021;Afgemeld\n014;Taal;5-1-2021;No-show\n012;Taal;5-1-2021;Geannuleerd\n', 1, 1, "utf-8"),
    "wel of niet gekomen": ('Naam;Activiteit;Datum;Gekomen?\nAnna Bos;Taal;4-1-2021;Ja\nBea Vos;Taal;4-1-2021;Nee\n', 1, 1, "utf-8"),
    "kolom voor wie er niet was": ('Naam;Activiteit;Datum;Afwezig\nAnna Bos;Taal;4-1-2021;nee\nBea Vos;Taal;4-1-2021;x\nKim Ras;Taal;5-1-2021;\n', 2, 2, "utf-8"),
    "middelste kolom telt toevallig op": ('Datum;Activiteit;Mannen;Vrouwen;Kinderen\n4-1-2021;Taal;3;4;1\n5-1-2021;Taal;2;2;0\n', 12, 0, "utf-8"),
    "rij van vorig jaar": ('Activiteit;jan 2021;feb 2021\nTaal;12;2\nKlussen;9;3\nVorig jaar;8;9\n', 26, 0, "utf-8"),
    "diensten op regels in een cel": ('Datum;Naam;Activiteiten\n4-1-2021;Anna Bos;"Taal\nKlussen"\n5-1-2021;Bea Vos;Taal\n', 3, 2, "utf-8"),
    "namen op regels in een cel": ('Datum;Activiteit;Wie waren er\n4-1-2021;Taal;"Anna Bos\nBea Vos\nKim Ras"\n5-1-2021;Taal;"Bea Vos\nAnna Bos"\n', 5, 3, "utf-8"),
    "namen op regels onder de dag": ('4-1-2021;11-1-2021\n"Anna Bos\nBea Vos";"Bea Vos\nKim Ras\nAnna Bos"\n', 5, 3, "utf-8"),
    "aanwezigen op regels in een cel": ('Dag;Activiteit;Aanwezigen\n4-1-2021;Taal;"Anna Bos\nBea Vos"\n5-1-2021;Taal;Bea Vos\n', 3, 2, "utf-8"),
    "dag van insturen": ('Antwoord-ID;Datum ingestuurd;Uw deelnemersnummer;Waar? [Taal];Waar? [Klussen]\n1;2021-01-04 12:00:00;D01;Ja;Nee\n2;2021-01-05 12:00:00;D02;Ja;Ja\n', 3, 2, "utf-8"),
    "inschrijvingen en aanwezig": ('Datum;Activiteit;Aantal inschrijvingen;Aantal aanwezig\n4-1-2021;Taal;20;11\n5-1-2021;Taal;18;12\n', 23, 0, "utf-8"),
    "verwacht en gekomen": ('Datum;Max. deelnemers;Aantal verwacht;Aantal gekomen;Aantal uren\n4-1-2021;30;20;11;3\n5-1-2021;30;20;12;4\n', 23, 0, "utf-8"),
    "bezoeken en personen": ('Maand;Aantal bezoeken;Aantal personen;Aantal openingen\njan 2021;110;30;9\nfeb 2021;120;32;8\n', 230, 0, "utf-8"),
    "namen met streepjes en nummers": ('Datum;Activiteit;Deelnemers\n4-1-2021;Taal;"- Anna Bos\n- van Dijk, P."\n5-1-2021;Taal;"1. Anna Bos,\n2. Bea Vos"\n', 4, 3, "utf-8"),
    "een naam op twee regels": ('Naam;4-1-2021;11-1-2021\n"Anna\nBos";x;x\nBea Vos;;x\n', 3, 2, "utf-8"),
    "een kop op twee regels": ('Datum;"Aantal\nbezoekers"\n4-1-2021;4\n5-1-2021;5\n', 9, 0, "utf-8"),
}

WORKBOOKS = {
    "maandbladen met groep in titel": ({
        'jan': [
            ['Inloop Plek 1'],
            ['Datum', 'Taal', 'Klussen'],
            [datetime.datetime(2021, 1, 4, 0, 0), 3, 2],
            [datetime.datetime(2021, 1, 5, 0, 0), 1, None],
            ['Totaal', 4, 2],
        ],
        'feb': [
            ['Inloop Plek 1'],
            ['Datum', 'Taal', 'Klussen'],
            [datetime.datetime(2021, 2, 4, 0, 0), 3, 2],
            ['Totaal', 3, 2],
        ],
    }, 11, 0),
    "maandbladen dagnummer namen across": ({
        'januari 2021': [
            ['Naam', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
            ['Anna Bos', None, None, None, 'x', None, None, None, None, None, None, 'x', None, None, None, None, None, None, 'x', None, None, None, None, None, None, None, None, None, None, None, None, None],
            ['Bea Vos', None, None, None, 'x', None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None],
        ],
        'februari 2021': [
            ['Naam', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28],
            ['Anna Bos', 'x', None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None, None],
        ],
    }, 5, 2),
    "groepsbladen": ({
        'Taal': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'x', 'x'],
        ],
        'Klussen': [
            ['Naam', datetime.datetime(2021, 1, 5, 0, 0), datetime.datetime(2021, 1, 12, 0, 0)],
            ['Anna Bos', 'x', None],
            ['Bea Vos', None, 'x'],
        ],
        'Legenda': [
            ['x', 'aanwezig'],
            ['-', 'afwezig'],
        ],
    }, 4, 2),
    "groepsblad deels": ({
        'Taalgroep ma': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'x', 'x'],
        ],
        'Taalgroep do': [
            ['Naam', datetime.datetime(2021, 1, 7, 0, 0)],
            ['Bea Vos', 'x'],
        ],
    }, 3, 2),
    "locatiebladen": ({
        'Plek 0': [
            ['Maand', 'Taal', 'Klussen'],
            ['januari', 3, 4],
            ['februari', 5, 6],
        ],
        'Plek 1': [
            ['Maand', 'Taal', 'Klussen'],
            ['januari', 1, 1],
            ['februari', 1, None],
        ],
        'Totaal': [
            ['Maand', 'Taal', 'Klussen'],
            ['januari', 4, 5],
            ['februari', 6, 6],
        ],
    }, 21, 0),
    "tijdkolom": ({
        'Blad1': [
            ['Datum', 'Tijd', 'Deelnemer', 'Dienst'],
            [datetime.datetime(2021, 1, 4, 0, 0), datetime.time(9, 30), 'p01', 'Taal'],
            [datetime.datetime(2021, 1, 4, 0, 0), datetime.time(10, 0), 'p02', 'Klussen'],
        ],
    }, 2, 2),
    "datum+tijd": ({
        'Blad1': [
            ['Datum/tijd', 'Pas', 'Dienst'],
            [datetime.datetime(2021, 1, 4, 9, 30), 1001, 'Taal'],
            [datetime.datetime(2021, 1, 4, 14, 0), 1001, 'Klussen'],
            [datetime.datetime(2021, 1, 5, 9, 30), 1002, 'Taal'],
        ],
    }, 3, 2),
    "lege kolom en rij vooraf": ({
        'Blad1': [
            [None, None, None, None, None],
            [None, None, 'Presentielijst taal'],
            [None, None, None, None, None],
            [None, 'Nr', 'Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            [None, 1, 'Anna Bos', 'X', None],
            [None, 2, 'Bea Vos', None, 'X'],
            [None, None, None, None, None],
            [None, None, 'aantal', 1, 1],
        ],
    }, 2, 2),
    "kopregel herhaald": ({
        'Blad1': [
            ['Datum', 'Activiteit', 'Aantal'],
            ['4-1-2021', 'Taal', 3],
            ['5-1-2021', 'Taal', 4],
            ['Datum', 'Activiteit', 'Aantal'],
            ['4-2-2021', 'Taal', 5],
        ],
    }, 12, 0),
    "subtotalen": ({
        'Blad1': [
            ['Datum', 'Aantal'],
            ['4-1-2021', 3],
            ['5-1-2021', 4],
            ['Totaal januari', 7],
            ['4-2-2021', 5],
            ['Totaal februari', 5],
            ['Totaal', 12],
        ],
    }, 12, 0),
    "kolomtotaal per maand": ({
        'Blad1': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0), 'Totaal jan', datetime.datetime(2021, 2, 1, 0, 0), 'Totaal feb'],
            ['Anna Bos', 'x', 'x', 2, None, 0],
            ['Bea Vos', None, 'x', 1, 'x', 1],
        ],
    }, 4, 2),
    "jan en dagen merged": ({
        'Blad1': [
            ['Taal 2021'],
            [None, 'januari', None, None, 'februari', None],
            ['Naam', 4, 11, 18, 1, 8],
            ['Anna Bos', 'x', None, 'x', 'x', None],
            ['Bea Vos', None, 'x', None, None, 'x'],
        ],
    }, 5, 2),
    "datum als kop, dienst onder": ({
        'Blad1': [
            [None, datetime.datetime(2021, 1, 4, 0, 0), None, datetime.datetime(2021, 1, 5, 0, 0), None],
            ['Naam', 'Taal', 'Klussen', 'Taal', 'Klussen'],
            ['Anna Bos', 'x', None, 'x', 'x'],
            ['Bea Vos', None, 'x', None, None],
        ],
    }, 4, 2),
    "dienst boven, maand onder": ({
        'Blad1': [
            ['Bezoekers 2021'],
            [None, 'Taal', None, 'Klussen', None],
            ['Locatie', 'jan', 'feb', 'jan', 'feb'],
            ['Plek 0', 1, 2, 3, 4],
            ['Plek 1', 5, 6, 7, 8],
            ['Totaal', 6, 8, 10, 12],
        ],
    }, 36, 0),
    "maand x dienst x locatie in blad": ({
        'Plek 0': [
            ['2021'],
            ['', 'Taal', 'Klussen', 'Ontmoeting'],
            ['Januari', 1, 2, 3],
            ['Februari', 4, 5, 6],
            ['Totaal', 5, 7, 9],
        ],
    }, 21, 0),
    "ms forms en": ({
        'Form1': [
            ['ID', 'Start time', 'Completion time', 'Email', 'Name', 'Which location?', 'What did you do?', 'With how many people?'],
            [1, datetime.datetime(2021, 3, 1, 9, 0), datetime.datetime(2021, 3, 1, 9, 1), 'anonymous', None, 'Plek 0', 'Taal;Klussen;', 2],
            [2, datetime.datetime(2021, 3, 2, 9, 0), datetime.datetime(2021, 3, 2, 9, 1), 'anonymous', None, 'Plek 1', 'Taal;', 1],
        ],
    }, 5, 0),
    "nummers als persoon": ({
        'Blad1': [
            ['Lidnr', '4-1-2021', '11-1-2021', '18-1-2021'],
            [101, 1, None, 1],
            [102, None, 1, None],
            [103, 1, 1, 1],
        ],
    }, 6, 3),
    "waar onwaar": ({
        'Blad1': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', True, False],
            ['Bea Vos', True, True],
        ],
    }, 3, 2),
    "deelnemer dag lang met aanwezigheid": ({
        'Blad1': [
            ['Datum', 'Deelnemer', 'Activiteit', 'Aanwezig'],
            [datetime.datetime(2021, 1, 4, 0, 0), 'p01', 'Taal', 'ja'],
            [datetime.datetime(2021, 1, 4, 0, 0), 'p02', 'Taal', 'nee'],
            [datetime.datetime(2021, 1, 4, 0, 0), 'p03', 'Taal', 'ja'],
        ],
    }, 2, 2),
    "dagdeel als rij": ({
        'Blad1': [
            ['Inloop 2021'],
            ['', 'ma 4-1', 'di 5-1', 'wo 6-1'],
            ['ochtend', 3, 2, 1],
            ['middag', 4, None, 2],
            ['totaal', 7, 2, 3],
        ],
    }, 12, 0),
    "zonder titel jaar in blad": ({
        '2020': [
            ['Dienst', 'jan', 'feb'],
            ['Taal', 1, 2],
        ],
        '2021': [
            ['Dienst', 'jan', 'feb'],
            ['Taal', 3, 4],
        ],
    }, 10, 0),
    "presentie met kolom dienst": ({
        'Blad1': [
            ['Naam', 'Groep', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'Taal', 'x', None],
            ['Bea Vos', 'Klussen', 'x', 'x'],
        ],
    }, 3, 2),
    "achternaam voornaam": ({
        'Blad1': [
            ['Achternaam', 'Voornaam', 'Geb.datum', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Bos', 'Anna', datetime.datetime(1960, 1, 1, 0, 0), 'x', None],
            ['Vos', 'Bea', datetime.datetime(1970, 1, 1, 0, 0), 'x', 'x'],
        ],
    }, 3, 2),
    "aantal x dag per dienst long": ({
        'Blad1': [
            ['Datum', 'Locatie', 'Dienst', 'Aantal mannen', 'Aantal vrouwen', 'Totaal aantal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 'Plek 1', 'Taal', 3, 4, 7],
            [datetime.datetime(2021, 1, 5, 0, 0), 'Plek 0', 'Klussen', 1, None, 1],
        ],
    }, 8, 0),
    "nul en streep": ({
        'Blad1': [
            ['Datum', 'Aantal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 0],
            [datetime.datetime(2021, 1, 5, 0, 0), '-'],
            [datetime.datetime(2021, 1, 6, 0, 0), 'gesloten'],
            [datetime.datetime(2021, 1, 7, 0, 0), 4],
        ],
    }, 4, 0),
    "weeknummer kolom extra": ({
        'Blad1': [
            ['Week', 'Datum', 'Taal', 'Klussen'],
            [1, datetime.datetime(2021, 1, 4, 0, 0), 3, 1],
            [None, datetime.datetime(2021, 1, 5, 0, 0), 2, None],
            [2, datetime.datetime(2021, 1, 11, 0, 0), 1, 1],
        ],
    }, 8, 0),
    "maandag datum dag": ({
        'Blad1': [
            ['Dag', 'Datum', 'Aantal'],
            ['maandag', datetime.datetime(2021, 1, 4, 0, 0), 3],
            ['dinsdag', datetime.datetime(2021, 1, 5, 0, 0), 2],
        ],
    }, 5, 0),
    "inloop per uur": ({
        'Blad1': [
            ['Datum', '10-12 uur', '12-14 uur', '14-16 uur', 'Totaal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 3, 1, None, 4],
            [datetime.datetime(2021, 1, 5, 0, 0), 2, None, 2, 4],
        ],
    }, 8, 0),
    "maand met jaar header merged title": ({
        'Blad1': [
            ['Bezoekers per maand 2020-2021'],
            ['Dienst', 'sept', 'okt', 'nov', 'dec', 'jan', 'Totaal'],
            ['Taal', 1, 2, 3, 4, 5, 15],
            ['Klussen', 1, 1, 1, 1, 1, 5],
        ],
    }, 20, 0),
    "p-a": ({
        'Blad1': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'p', 'a'],
            ['Bea Vos', 'a', 'p'],
        ],
    }, 2, 2),
    "A voor aanwezig": ({
        'Blad1': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'A', 'Z'],
            ['Bea Vos', 'A', 'A'],
        ],
    }, 3, 2),
    "naam en code": ({
        'Blad1': [
            ['Code', 'Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['p1', 'Anna Bos', 'x', None],
            ['p2', 'Bea Vos', 'x', 'x'],
        ],
    }, 3, 2),
    "notitiekolom rechts": ({
        'Blad1': [
            ['Naam', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0), 'Opmerkingen'],
            ['Anna Bos', 'x', None, 'verhuisd 3-2'],
            ['Bea Vos', 'x', 'x', 'belt'],
        ],
    }, 3, 2),
    "leeg maand later": ({
        'Blad1': [
            ['Dienst', 'jan', 'feb', 'mrt', 'apr'],
            ['Taal', 1, 2, None, None],
            ['Klussen', 1, 2, None, None],
            ['Totaal', 2, 4, 0, 0],
        ],
    }, 6, 0),
    "google sheets pivot": ({
        'Blad1': [
            ['Aantal van Deelnemer', 'Kolomlabels'],
            ['Rijlabels', 'Klussen', 'Taal', 'Eindtotaal'],
            ['jan', 3, 4, 7],
            ['feb', 1, None, 1],
            ['Eindtotaal', 4, 4, 8],
        ],
    }, 8, 0),
    "datum serienummers across": ({
        'Blad1': [
            ['Naam', 44200, 44207],
            ['Anna Bos', 'x', 'x'],
            ['Bea Vos', None, 'x'],
        ],
    }, 3, 2),
    "maandnaam afk punt": ({
        'Blad1': [
            ['Locatie: Plek 1'],
            ['Jaar: 2021'],
            [],
            ['Activiteit', 'Jan.', 'Febr.', 'Mrt.', 'Tot.'],
            ['Taal', 1, 2, 3, 6],
            ['Klussen', 0, 0, 1, 1],
            ['Tot.', 1, 2, 4, 7],
        ],
    }, 7, 0),
    "dag over twee maanden bladen kort": ({
        'jan 21': [
            ['dag', 'Taal', 'Klussen', 'totaal'],
            [4, 1, 2, 3],
            [5, 1, None, 1],
            ['totaal', 2, 2, 4],
        ],
        'feb 21': [
            ['dag', 'Taal', 'Klussen', 'totaal'],
            [1, 5, None, 5],
            ['totaal', 5, None, 5],
        ],
    }, 9, 0),
    "kolom naam met totaalrij boven": ({
        'Blad1': [
            ['Totaal', None, 2, 1],
            ['Naam', 'Groep', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['Anna Bos', 'A', 'x', None],
            ['Bea Vos', 'B', 'x', 'x'],
        ],
    }, 3, 2),
    "meerdere tekens": ({
        'Blad1': [
            ['Naam', '04-jan', '11-jan', '18-jan'],
            ['Anna Bos', '✓', '✗', '✓'],
            ['Bea Vos', '✔', '', '✔'],
        ],
    }, 4, 2),
    "uren per persoon per dag": ({
        'Blad1': [
            ['Vrijwilliger', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0), 'Totaal'],
            ['Anna Bos', 2.5, 3, 5.5],
            ['Bea Vos', None, 4, 4],
        ],
    }, 3, 2),
    "bezoeken per maand per persoon": ({
        'Blad1': [
            ['Lidnummer', 'jan', 'feb', 'mrt'],
            ['a001', 3, 2, None],
            ['a002', 1, None, 5],
        ],
    }, 11, 2),
    "reg met vinkjes en aantal": ({
        'Blad1': [
            ['Datum', 'Naam', 'Taal', 'Klussen', 'Formulieren', 'Aantal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 'Anna Bos', 'x', 'x', None, 2],
            [datetime.datetime(2021, 1, 4, 0, 0), 'Bea Vos', None, None, 'x', 1],
        ],
    }, 3, 2),
    "datum zonder jaar tekst": ({
        'Inloop 2021': [
            ['wanneer', 'hoeveel'],
            ['4 januari', 3],
            ['11 januari', 4],
            ['1 feb.', 2],
        ],
    }, 9, 0),
    "maanden dubbel jaar": ({
        'Blad1': [
            ['Dienst', 'nov 2020', 'dec 2020', 'jan 2021'],
            ['Taal', 1, 2, 3],
        ],
    }, 6, 0),
    "jaar kopniveau": ({
        'Blad1': [
            [None, 2020, None, 2021, None],
            ['Dienst', 'jan', 'feb', 'jan', 'feb'],
            ['Taal', 1, 2, 3, 4],
            ['Klussen', 1, 1, 1, 1],
        ],
    }, 14, 0),
    "week datum range": ({
        'Blad1': [
            ['Week', 'Taal', 'Klussen'],
            ['week 1 (4-8 jan)', 1, 2],
            ['week 2 (11-15 jan)', 3, 4],
        ],
    }, 10, 0),
    "percentage kolom": ({
        'Blad1': [
            ['Maand', 'Bezoekers', '% groei'],
            ['jan', 10, None],
            ['feb', 12, 0.2],
            ['mrt', 6, -0.5],
        ],
    }, 28, 0),
    "gemiddelde rij": ({
        'Blad1': [
            ['Datum', 'Taal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 10],
            [datetime.datetime(2021, 1, 11, 0, 0), 12],
            ['Gemiddelde', 11],
        ],
    }, 22, 0),
    "activiteit dag tijd": ({
        'Blad1': [
            ['Datum', 'Starttijd', 'Eindtijd', 'Activiteit', 'Locatie', 'Bezoekers', 'Vrijwilligers'],
            [datetime.datetime(2021, 1, 4, 0, 0), datetime.time(9, 0), datetime.time(12, 0), 'Taal', 'Plek 1', 10, 2],
            [datetime.datetime(2021, 1, 5, 0, 0), datetime.time(9, 0), datetime.time(12, 0), 'Klussen', 'Plek 0', 5, 1],
        ],
    }, 18, 0),
    "presentie 0-1": ({
        'Blad1': [
            ['id', datetime.datetime(2021, 1, 4, 0, 0), datetime.datetime(2021, 1, 11, 0, 0)],
            ['k-01', 1, 0],
            ['k-02', 1, 1],
        ],
    }, 3, 2),
    "onbekende dienst": ({
        'Blad1': [
            ['Dienst', 'jan', 'feb'],
            ['Taal', 1, 2],
            ['Naailes', 3, 4],
        ],
    }, 10, 0),
    "twee tabellen naast elkaar": ({
        'Blad1': [
            ['Datum', 'Aantal', None, 'Datum', 'Aantal'],
            [datetime.datetime(2021, 1, 4, 0, 0), 3, None, datetime.datetime(2021, 2, 1, 0, 0), 4],
            [datetime.datetime(2021, 1, 5, 0, 0), 2, None, datetime.datetime(2021, 2, 2, 0, 0), 1],
        ],
    }, 10, 0),
    "sheetnaam week": ({
        'week 1': [
            ['Naam', 'ma', 'di', 'wo'],
            ['Anna Bos', 'x', None, 'x'],
            ['Bea Vos', 'x', None, None],
        ],
        'week 2': [
            ['Naam', 'ma', 'di', 'wo'],
            ['Anna Bos', 'x', 'x', None],
        ],
    }, 5, 2),
    "weekdagen met week kolom": ({
        'Blad1': [
            ['Inloop 2021'],
            ['Week', 'ma', 'di', 'wo', 'do', 'vr', 'Totaal'],
            [1, 3, 2, 1, None, None, 6],
            [2, 1, 1, 1, 1, 1, 5],
            ['Totaal', 4, 3, 2, 1, 1, 11],
        ],
    }, 11, 0),
    "per dag per locatie across twee niveaus": ({
        'Blad1': [
            [None, 'Plek 0', None, 'Plek 1', None],
            ['Datum', 'Taal', 'Klussen', 'Taal', 'Klussen'],
            [datetime.datetime(2021, 1, 4, 0, 0), 1, 2, 3, 4],
            [datetime.datetime(2021, 1, 5, 0, 0), 1, None, 1, None],
        ],
    }, 12, 0),
}
