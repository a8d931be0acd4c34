"""not_checked: generated from registry/facts by registry/generate.py; not edited by hand."""

TABLE = {'helo-fallback': {'en': 'A client may fall back to HELO and need not: one that does not is at no '
                         'fault.',
                   'fr': 'Un client peut revenir à HELO sans y être tenu : celui qui ne le fait '
                         'pas n’est pas en faute.'},
 'quit-last': {'en': 'Closing a connection leaves no line of its own, and most records end before '
                     'the connection does; who closed it, and when, is not to be seen.',
               'fr': 'La fermeture d’une connexion ne laisse aucune ligne, et la plupart des '
                     'enregistrements s’arrêtent avant elle ; qui a fermé, et quand, ne se voit '
                     'pas.'},
 'no-close-before-quit': {'en': 'Closing a connection leaves no line of its own, and most records '
                                'end before the connection does; who closed it, and when, is not '
                                'to be seen.',
                          'fr': 'La fermeture d’une connexion ne laisse aucune ligne, et la '
                                'plupart des enregistrements s’arrêtent avant elle ; qui a fermé, '
                                'et quand, ne se voit pas.'},
 'wait-for-221': {'en': 'Closing a connection leaves no line of its own, and most records end '
                        'before the connection does; who closed it, and when, is not to be seen.',
                  'fr': 'La fermeture d’une connexion ne laisse aucune ligne, et la plupart des '
                        'enregistrements s’arrêtent avant elle ; qui a fermé, et quand, ne se voit '
                        'pas.'},
 'no-repeat-after-5yz': {'en': 'What was changed before another try (the content, a password, the '
                               "other side's configuration) does not show; people test by "
                               'repeating.',
                         'fr': 'Ce qui a changé avant un nouvel essai (le contenu, un mot de '
                               'passe, la configuration d’en face) ne se voit pas ; on teste en '
                               'répétant.'},
 'chunk-recipients': {'en': 'To be ready for something leaves no trace until it happens.',
                      'fr': 'Être prêt à quelque chose ne laisse pas de trace tant que cela '
                            'n’arrive pas.'},
 'literal-tag-registered': {'en': 'IPv6 is the only tag ever registered; an unknown one may be a '
                                  'newer registration than this program knows.',
                            'fr': 'IPv6 est la seule étiquette enregistrée à ce jour\xa0; une '
                                  'étiquette inconnue peut être plus récente que ce programme.'},
 'local-part-case-kept': {'en': 'The record shows one side of a relay: how the address was written '
                                'before does not show.',
                          'fr': 'La trace ne montre qu’un côté d’un relais\xa0: comment l’adresse '
                                'était écrite auparavant ne se voit pas.'},
 'non-null-path-otherwise': {'en': 'Automatic replies, probes of an address and notifications of '
                                   'every kind rightly have the null path; what kind a message is '
                                   'does not show with certainty.',
                             'fr': 'Réponses automatiques, sondes d’adresse et avis de toute sorte '
                                   'ont à bon droit le chemin vide\xa0; la nature d’un message ne '
                                   'se voit pas à coup sûr.'},
 'replies-in-order': {'en': 'A reply does not name the command that it answers: the order is all '
                            'that tells, so that a wrong order looks like other replies.',
                      'fr': 'Une réponse ne nomme pas la commande à laquelle elle répond : seul '
                            'l’ordre le dit, et un ordre faux ressemble à d’autres réponses.'},
 'known-codes-only': {'en': 'No list of documented codes is complete; `code-fits-command` (RPL009) '
                            'and `refusal-fits-command` (RPL010) judge the code that a command '
                            'draws.',
                      'fr': 'Aucune liste de codes documentés n’est complète ; `code-fits-command` '
                            '(RPL009) et `refusal-fits-command` (RPL010) jugent le code que reçoit '
                            'une commande.'},
 '521-only-never-accepts': {'en': 'Whether a host never accepts mail is not told by one session.',
                            'fr': 'Une seule session ne dit pas si un hôte n’accepte jamais de '
                                  'courrier.'},
 'ehlo-list-optional-commands': {'en': 'Only commands that a session tries can be seen to work; of '
                                       'EXPN `expn-must-be-listed` (RPL016) says so.',
                                 'fr': 'On ne voit fonctionner que les commandes qu’une session '
                                       'essaie ; pour EXPN, `expn-must-be-listed` (RPL016) le '
                                       'dit.'},
 'min-command-set': {'en': "A 500 may be about the command's syntax, and VRFY may be turned off "
                           'with 502; a server that knows none of its commands shows anyway.',
                     'fr': 'Un 500 peut viser la syntaxe de la commande, et VRFY peut être '
                           'désactivée par 502 ; un serveur qui ne connaît pas ses commandes se '
                           'voit de toute façon.'},
 'no-reject-on-ehlo-mismatch': {'en': 'A refusal for this reason looks like one for any other: the '
                                      "text of a reply is for people, and the server's policy is "
                                      'its own.',
                                'fr': 'Un refus pour cette raison ressemble à tout autre : le '
                                      'texte d’une réponse est pour les gens, et la politique du '
                                      'serveur lui appartient.'},
 'unknown-command-keep-open': {'en': 'Closing leaves no line, and a server may close to defend '
                                     'itself (RFC 5321 7.8), as Postfix does after GET or CONNECT.',
                               'fr': 'La fermeture ne laisse aucune ligne, et un serveur peut '
                                     'fermer pour se défendre (RFC 5321 7.8), comme Postfix après '
                                     'GET ou CONNECT.'},
 '501-bad-argument': {'en': 'A refusal does not say which of several possible faults it is about, '
                            'and 550, 553, 555 and 455 are right for some of them.',
                      'fr': 'Un refus ne dit pas lequel de plusieurs défauts possibles est en '
                            'cause, et 550, 553, 555 et 455 conviennent à certains d’entre eux.'},
 '501-invalid-characters': {'en': 'A refusal does not say which of several possible faults it is '
                                  'about, and 550, 553, 555 and 455 are right for some of them.',
                            'fr': 'Un refus ne dit pas lequel de plusieurs défauts possibles est '
                                  'en cause, et 550, 553, 555 et 455 conviennent à certains '
                                  'd’entre eux.'},
 'rset-no-close': {'en': 'Closing leaves no line; where the server announces it with 221, '
                         '`code-fits-command` (RPL009) reports the reply.',
                   'fr': 'La fermeture ne laisse aucune ligne ; si le serveur l’annonce par 221, '
                         '`code-fits-command` (RPL009) signale la réponse.'},
 'no-close-before-quit-server': {'en': 'Closing a connection leaves no line of its own, and most '
                                       'records end before the connection does; who closed it, and '
                                       'when, is not to be seen.',
                                 'fr': 'La fermeture d’une connexion ne laisse aucune ligne, et la '
                                       'plupart des enregistrements s’arrêtent avant elle ; qui a '
                                       'fermé, et quand, ne se voit pas.'},
 'min-100-recipients': {'en': "The limit of a site's policy may be lower, and a refusal does not "
                              'tell policy from program; a wrong code for it is '
                              '`too-many-recipients-452` (RPL022).',
                        'fr': 'La limite fixée par un site peut être plus basse, et un refus ne '
                              'distingue pas le site du programme ; un mauvais code relève de '
                              '`too-many-recipients-452` (RPL022).'},
 'line-under-512-accepted': {'en': 'A 500 does not say whether the length or the command was '
                                   'wrong.',
                             'fr': 'Un 500 ne dit pas si c’est la longueur ou la commande qui '
                                   'était fautive.'},
 'postmaster-accepted': {'en': 'Which domains a server serves is not in the transcript, and a '
                               'refusal may be about the client.',
                         'fr': 'Les domaines qu’un serveur dessert ne figurent pas dans la '
                               'session, et un refus peut viser le client.'},
 'vrfy-no-250-unverified': {'en': 'It happens inside the server, behind its reply, where no '
                                  'transcript reaches.',
                            'fr': 'Cela se passe dans le serveur, après sa réponse, là où aucun '
                                  'enregistrement ne va.'},
 'final-reply-full-responsibility': {'en': 'It happens inside the server, behind its reply, where '
                                           'no transcript reaches.',
                                     'fr': 'Cela se passe dans le serveur, après sa réponse, là où '
                                           'aucun enregistrement ne va.'},
 'no-delivery-after-4yz-5yz': {'en': 'It happens inside the server, behind its reply, where no '
                                     'transcript reaches.',
                               'fr': 'Cela se passe dans le serveur, après sa réponse, là où aucun '
                                     'enregistrement ne va.'},
 'source-route-accepted': {'en': 'A relay may refuse a source route for policy, and a refusal does '
                                 'not say whether the syntax was recognised.',
                           'fr': 'Un relais peut refuser une route source par politique, et un '
                                 'refus ne dit pas si la syntaxe a été reconnue.'},
 'esc-regardless-of-helo': {'en': 'After HELO nothing says whether the server supports enhanced '
                                  'codes at all.',
                            'fr': 'Après HELO, rien ne dit si le serveur connaît les codes '
                                  'étendus.'},
 'dot-unstuffing': {'en': 'It happens inside the server, behind its reply, where no transcript '
                          'reaches.',
                    'fr': 'Cela se passe dans le serveur, après sa réponse, là où aucun '
                          'enregistrement ne va.'},
 'no-extra-crlf-at-end': {'en': "An empty last line may be the message's own.",
                          'fr': 'Une dernière ligne vide peut appartenir au message.'},
 'size-not-end-of-content': {'en': 'It happens inside the server, behind its reply, where no '
                                   'transcript reaches.',
                             'fr': 'Cela se passe dans le serveur, après sa réponse, là où aucun '
                                   'enregistrement ne va.'},
 'pipelining-check-all': {'en': 'What a client makes of the replies that it reads does not show.',
                          'fr': 'Ce qu’un client fait des réponses qu’il lit ne se voit pas.'},
 'pipelining-count-replies': {'en': 'How a client tells which reply is whose does not show; what '
                                    'comes of it is judged as order.',
                              'fr': 'La façon dont un client attribue les réponses ne se voit pas '
                                    '; ce qui en résulte relève de l’ordre des commandes.'},
 'dsn-orcpt-matches-rcpt': {'en': 'Only at first submission the two are alike; a relay that '
                                  'rewrites an address keeps the old one in ORCPT, rightly.',
                            'fr': 'Les deux ne coïncident qu’à la première soumission ; un relais '
                                  'qui réécrit une adresse garde à bon droit l’ancienne dans '
                                  'ORCPT.'},
 'dsn-valid-not-refused': {'en': 'A refusal of RCPT or MAIL has its reasons in the address as a '
                                 'rule; that the parameters made the difference does not show.',
                           'fr': 'Un refus de RCPT ou de MAIL tient en général à l’adresse ; que '
                                 'les paramètres y soient pour quelque chose ne se voit pas.'},
 'requiretls-only-in-tls': {'en': 'Whether a connection is inside TLS from its start, as on port '
                                  '465, does not show in what is said.',
                            'fr': 'Qu’une connexion soit sous TLS dès le début, comme sur le port '
                                  '465, ne se voit pas dans ce qui est dit.'},
 'lmtp-not-port-25': {'en': 'The port is no part of what is said, and few records of LMTP name it.',
                      'fr': 'Le port ne fait pas partie de ce qui est dit, et peu '
                            'd’enregistrements LMTP le donnent.'},
 'submission-null-path-ok': {'en': 'A refusal of MAIL FROM:<> may have any other reason of the '
                                   "server's, such as missing authentication.",
                             'fr': 'Un refus de MAIL FROM:<> peut avoir toute autre raison, comme '
                                   'une authentification manquante.'},
 'submission-fqdn-envelope': {'en': 'What the server makes of a short domain shows behind it only, '
                                    'in the message that it passes on.',
                              'fr': 'Ce que le serveur fait d’un domaine court ne se voit que plus '
                                    'loin, dans le message qu’il transmet.'},
 'submission-address-syntax': {'en': 'A refusal does not say which of several possible faults it '
                                     'is about, and 550, 553, 555 and 455 are right for some of '
                                     'them.',
                               'fr': 'Un refus ne dit pas lequel de plusieurs défauts possibles '
                                     'est en cause, et 550, 553, 555 et 455 conviennent à certains '
                                     'd’entre eux.'},
 'auth-security-layer-ehlo': {'en': 'Whether a security layer was negotiated does not show, and '
                                    'what follows inside it is not readable.',
                              'fr': 'La négociation d’une couche de sécurité ne se voit pas, et ce '
                                    'qui suit à l’intérieur est illisible.'},
 'starttls-forget-state': {'en': 'What a side remembers does not show; `starttls-ehlo-again` '
                                 '(SEC004) and `hello-before-mail` (SEQ002) see a client that goes '
                                 'on without a new EHLO.',
                           'fr': 'Ce que chaque côté retient ne se voit pas ; '
                                 '`starttls-ehlo-again` (SEC004) et `hello-before-mail` (SEQ002) '
                                 'repèrent un client qui continue sans nouvel EHLO.'},
 'starttls-not-required-mx': {'en': 'Whether a server is a public MX and the recipient local is '
                                    'not in the transcript; many demand TLS by agreement.',
                              'fr': 'Que le serveur soit un MX public et le destinataire local ne '
                                    'figure pas dans la session ; beaucoup exigent TLS par '
                                    'accord.'},
 'tls-weak-554': {'en': 'What would satisfy a server in a TLS handshake does not show.',
                  'fr': 'Ce qui satisferait un serveur dans une négociation TLS ne se voit pas.'},
 'tls-1-2-submission': {'en': 'The TLS handshake is not part of an SMTP transcript.',
                        'fr': 'La négociation TLS ne fait pas partie d’une session SMTP '
                              'enregistrée.'},
 'software-version-in-greeting': {'en': 'Allowed and everywhere: a remark on each greeting would '
                                        'help nobody.',
                                  'fr': 'Permis et omniprésent : une remarque sur chaque bannière '
                                        'n’aiderait personne.'},
 'vrfy-expn-disclosure': {'en': 'Both answers are allowed, and which one a site should give is its '
                                'policy.',
                          'fr': 'Les deux réponses sont permises, et le choix relève de la '
                                'politique du site.'},
 'fold-at-high-level': {'en': 'Where a line is best folded is a matter of taste; readers unfold it '
                              'all the same.',
                        'fr': 'Le meilleur endroit où replier une ligne est affaire de goût ; les '
                              'lecteurs la déplient de toute façon.'},
 'date-utc-form': {'en': 'The form `-0000` is as correct as `+0000`; it says that the local zone '
                         'is unknown.',
                   'fr': 'La forme `-0000` est aussi correcte que `+0000` ; elle dit que le fuseau '
                         'local est inconnu.'},
 'boundary-case-sensitive': {'en': 'It tells readers how to compare; a message that differs in '
                                   'case alone may mean just that.',
                             'fr': 'C’est une consigne pour les lecteurs ; un message où seule la '
                                   'casse diffère peut le vouloir ainsi.'}}
