"""The wordings in which a passage shows somebody approving, championing, blocking or winning others over.

In each pattern `actor` is who does it and `whom` who is won over; a pattern without an actor tells what is done to
somebody without telling by whom.
"""

from __future__ import annotations

import re

from winloss.model import Permission

_GATES = (
    r"(?:legal|procurement|purchasing|sourcing|finance|accounting|privacy|compliance|infosec|audit|risk|"
    r"works council|"
    r"betriebsrat|architecture|internal audit|vendor management|vendor risk|third[- ]party risk|it security|"
    r"information security|cfo|cio|ciso|cto|ceo|dpo)"
)
_KEEPERS = (
    r"(?:cfo|finance director|financial controller|controller|comptroller|treasurer|dpo|data protection officer|"
    r"privacy officer|general counsel|counsel|lawyers?|attorneys?|contracting officer|authorizing official|auditors?|"
    r"compliance officer|buyers?|category managers?|risk managers?)"
)
_BODIES = (
    r"(?:team|people|folks|officer|department|dept|review|lead|guys?|board|committee|group|office|manager|"
    r"director|head)"
)
_GATEKEEPER = (
    rf"(?:(?:(?:the |our |my )?(?:{_GATES}|{_KEEPERS})|(?:the |our |my )?"
    r"(?:security|legal|procurement|finance|privacy|compliance|risk|audit|architecture|sourcing|"
    rf"purchasing) {_BODIES})"
    r"(?![\w'’-]))"
)
_LEADERS = (
    r"(?:ciso|cio|cto|ceo|coo|cfo|board|boss|bosses|director|vp|svp|evp|president|committee|chairman|chair|owner|"
    r"plant manager|steering committee|leadership|management|architecture board|change board|advisory board|founder|"
    r"founders|exec(?:utive)?s?|executive team|leadership team|head of (?:\w+ )?\w+|director of (?:\w+ )?\w+|"
    r"vp of (?:\w+ )?\w+|vice president|secretary|superintendent|partners|union|higher-?ups)"
)
_SOMEBODY = rf"(?:{_GATEKEEPER}|(?:the |our |my )(?:\w+ )?{_LEADERS}(?![\w'’-]))"
_WORKERS = (
    r"(?:soc|analysts?|engineers?|admins?|administrators?|architects?|developers?|devs|team|teams|lead|leads|manager|"
    r"managers|sysadmins?|staff|people|folks|colleagues?|peers?|coworkers?|guy|consultants?)"
)
_ANYBODY = rf"(?:{_SOMEBODY}|(?:the |our |my |one of (?:the |our |my ))(?:[\w&-]+ ){{0,3}}?{_WORKERS}(?![\w'’-]))"
_WHO = rf"(?P<actor>{_SOMEBODY})"
_WHO_EVER = rf"(?P<actor>{_ANYBODY})"
_ME = r"(?P<actor>i|we)"
_ME_OR_SOMEBODY = rf"(?P<actor>i|we|{_SOMEBODY})"
_ME_OR_ANYBODY = rf"(?P<actor>i|we|{_ANYBODY})"
_WHOM = rf"(?P<whom>{_GATEKEEPER})"
_WHOM_ALL = rf"(?P<whom>{_SOMEBODY})"

_PAPER = (
    r"(?:(?:the|our|a|an|that|this|their|your|every|any|my|both) (?:\w+ ){0,2}?(?:deal|contract|purchase|"
    r"paperwork|order|"
    r"agreement|project|budget|spend|renewal|poc|pilot|business case|package|rollout|procurement|quote|proposal|"
    r"redlines?|request|po|purchase order|msa|dpa|funding|investment|evaluation|rfp|requisition|switch|migration)\b)"
)
_IT = (
    r"(?:it all|it|this|that|them|us|things|everything|the (?:vendor|tool|product|platform|money|whole thing|"
    rf"thing)|{_PAPER})"
)
_OFTEN = (
    r"(?:(?:then|just|basically|simply|flat out|flatly|has|had|have|also|even|really|personally|finally|eventually|"
    r"immediately|straight away|initially|first|always|still|actually|of course|obviously|kind of|sort of|"
    r"pretty much|"
    r"later|quietly|repeatedly|literally|ultimately|in the end|kept|again|both|all) )*"
)
_WHILE = (
    r"(?!\s+(?:an?|\d+|one|two|three|four|five|six|eight|ten|twelve|several|some|many|half an?|a few|the whole|"
    r"all)\s+"
    r"(?:\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?)\b)"
)
_S = r"(?:['’]s?)"


def _cues(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_NEUTRALISE = _cues(
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}(?:talked|argued|walked|got|brought|won|"
    rf"brought) {_WHOM_ALL} (?:down|"
    r"round|around|over|off the ledge|on side|onside|on board|onboard|comfortable|past|through|aligned)\b",
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}(?:got|brought|moved|convinced|"
    rf"persuaded) {_WHOM_ALL} to (?:drop|stop|"
    r"back off|stand down|waive|accept|agree|live with|withdraw|let it go|move)\b",
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}(?:reassured|placated|appeased|satisfied|convinced|persuaded|calmed|"
    rf"quieted|won over|neutrali[sz]ed|defused|disarmed|mollified) {_WHOM}",
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}(?:put|set) {_WHOM}{_S}? (?:\w+ )?(?:mind |minds )?(?:at ease|"
    r"to rest)\b",
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}got (?:it|this|that|the \w+) (?:past|through) {_WHOM_ALL}",
    rf"\b(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}(?:(?:took care of|shut up) {_WHOM}|settled (?:it|that) "
    rf"(?:for|with) (?P<whom2>{_GATEKEEPER}))",
    rf"\b(?:answered|addressed|resolved|dealt with|took away|removed) (?P<whom>{_GATEKEEPER}){_S} "
    r"(?:\w+ )?(?:concerns?|objections?|worries|questions|fears)\b",
    rf"\b{_WHO} {_OFTEN}(?:backed (?:off|down)|waived|relented|caved|came (?:round|around)|changed (?:its|their|"
    r"his|her) "
    r"minds?|stood down|(?:dropped|withdrew|gave up) (?:it|that|the|their|its|his|her)\b)",
)

_APPROVE = _cues(
    rf"\b{_ME_OR_SOMEBODY} {_OFTEN}(?:signed (?:off\b|it\b|{_PAPER})|countersigned|approved {_IT}|green-?lit|"
    rf"green-?lighted|okayed|rubber-?stamped|authori[sz]ed {_IT}|ratified|released (?:the|our) (?:budget|funds|"
    r"money)|"
    rf"cut (?:the|a|them a) (?:check|cheque|po)\b|funded {_IT}|said yes\b|let {_IT} through|"
    r"gave (?:it |us |them |me |him |her )?(?:the |a |his |her |their |its |final |formal )*(?:green light|"
    r"go-?ahead|nod|"
    r"blessing|sign-?off|thumbs up|approval|ok|okay)\b)",
    rf"\b(?P<actor>{_GATEKEEPER}) {_OFTEN}cleared (?:it\b|them\b|{_PAPER})",
    r"\b(?:approved|signed off(?: on)?|signed|green-?lit|okayed|authori[sz]ed|cleared|countersigned|"
    r"rubber-?stamped) by "
    rf"{_WHO}",
    r"\b(?:got|gotten|received|had|have|obtained|secured) (?:the |a |our |final |formal |full |budget |written )*"
    rf"(?:sign-?off|approval|green light|go-?ahead|nod|blessing|signature|ok|okay) (?:from|of) {_WHO}",
    rf"\b(?:need|needs|needed|require|requires|required|takes|took) {_WHO}{_S} (?:\w+ )?(?:signature|approval|"
    r"sign-?off|"
    r"blessing)\b",
    r"\b(?:need|needs|needed|require|requires|required) (?:a |the |final |an |formal )*(?:signature|approval|"
    r"sign-?off|"
    rf"blessing) (?:from|of|by) {_WHO}",
    rf"\b{_WHO} (?:always |still |also )?(?:has to|have to|must|gets to|needs to) (?:sign|approve|ratify|"
    r"authori[sz]e)\b",
    rf"\b{_WHO} (?:always |also )?(?:signs|approves|ratifies|authori[sz]es)\b(?: off)?(?: on)? (?:it|every|all|"
    r"any|the|"
    r"what|our)\w*\b",
    rf"\b{_WHO} (?:owns?|holds?|controls?|owned|held|controlled) the (?:\w+ )?(?:budget|purse|purse ?strings|"
    r"money)\b",
    rf"\b{_ME_OR_SOMEBODY} {_OFTEN}(?:has|have|had|gets?|got) (?:the |a )?(?:final|last) (?:say|word|call|"
    r"decision|vote)\b",
    rf"\b{_ME_OR_SOMEBODY} (?:makes?|made) the (?:final |last )?(?:call|decision)\b",
    r"\b(?:final|last) (?:say|word|call|decision|approval|sign-?off) (?:is|was|rests|rested|sits|sat|lies|lay|stays|"
    rf"ends up) with {_ME_OR_SOMEBODY}",
    rf"\b{_WHO} (?:is|was|are|were) (?:the|our|a) (?:final |real |ultimate |main )?(?:approver|decision[- ]?maker|"
    r"economic buyer|budget holder|budget owner|signatory)\b",
    r"\b(?P<actor>i) (?:have to |get to |always )?(?:sign(?: off)?(?: on)?|approve|ratify) (?:every|all|any|the|"
    r"what)\w*\b",
    r"\b(?P<actor>i) (?:don['’]t|won['’]t) sign (?:before|until|unless|anything|without)\b",
    r"\b(?P<actor>my) (?:signature|approval|sign-?off)(?: is| was|['’]s)? (?:on|needed|required|the last)\b",
    r"\b(?:needs?|needed|waits? for|requires?|without) (?P<actor>my) (?:signature|approval|sign-?off)\b",
    r"\b(?P<actor>i) (?:own|hold|control) the (?:budget|purse)",
    r"\b(?P<actor>i)['’]?(?:m| am) the (?:final )?(?:approver|signatory|budget holder|decision[- ]?maker|"
    r"economic buyer|"
    r"one who signs|one who approves|person who signs|guy who signs)\b",
    r"\b(?:the buck stops with (?P<actor>me)|the decision (?:is|was) (?P<actor2>mine)|it was (?P<actor3>my) "
    r"(?:decision|call))\b",
)

_CHAMPION = _cues(
    rf"\b(?P<actor>i|{_ANYBODY}) (?:(?:really|personally|basically|had|kept|has|have|always|just|also|hard|"
    r"strongly|very) )*"
    r"(?:pushed|pushing|fought|fighting|argued|arguing|lobbied|lobbying|campaigned|advocated|advocating|vouched|"
    r"made (?:the|a) (?:strong )?case|making the case|went to bat|stuck (?:my|his|her|their) necks? out|"
    r"built (?:the|a) (?:business )?case|wrote (?:the|a) (?:business )?case|put (?:my|his|her|their) names?) "
    rf"(?:hard |internally |really hard |strongly )*(?:for|to get|internally|on the line|behind)\b{_WHILE}",
    rf"\b{_ME_OR_ANYBODY} {_OFTEN}(?:championed|sponsored|recommended|evangeli[sz]ed|talked up|sold) "
    rf"(?:{_IT})(?= internally| hard| up| to |[.,;!]|$| from| over| at| and| through| all| because| as| with)",
    r"\b(?P<actor>i) (?:was|am)(?: very much)? (?:the|an|your|their|its) (?:internal |executive |"
    r"biggest )*(?:champion|sponsor|"
    r"advocate|cheerleader)\b",
    rf"\b{_WHO_EVER} (?:was|is|were|became|has been) (?:very much )?(?:the|an|our|its|a) (?:internal |executive |"
    r"biggest |"
    r"big |main |real |strong )*(?:champion|sponsor|advocate|cheerleader|supporter)\b",
    r"\b(?:our|the) (?:internal |executive |main |real )*(?:champion|sponsor|advocate) (?:here |"
    r"internally )?(?:is|was) "
    rf"{_WHO_EVER}",
    rf"\b(?:championed|sponsored|pushed|driven) by {_WHO_EVER}",
    r"\b(?P<actor>i)(?:['’]m| was) the one (?:who|that) (?:pushed|wanted|brought|argued|found|proposed|championed)\b",
    rf"\b{_WHO_EVER} (?:is|was) the one (?:who|that) (?:pushed|brought|argued|proposed|championed|found)\b",
    rf"\b(?P<actor>i) (?:took|brought|carried|pitched|sold) {_IT} (?:in )?to {_SOMEBODY}",
)

_BLOCK = _cues(
    rf"\b{_WHO} {_OFTEN}(?:held {_IT}|held up|holds? {_IT} up|hold up|holds up|sat on {_IT}|sits? on {_IT}|"
    rf"blocked {_IT}|"
    rf"vetoed|vetoes|killed {_IT}|stopped {_IT}|stalled|shot {_IT} down|shot down|turned {_IT} down|"
    rf"turned down {_IT}|"
    rf"said no\b|balked|refused|rejected {_IT}|forbidden|forbade|declined (?:{_IT}|to (?:sign|approve))|nixed|"
    r"torpedoed|"
    rf"scuppered|derailed|sank {_IT}|spiked {_IT}|denied {_IT}|objected|delayed {_IT}|tied {_IT} up|"
    rf"kicked {_IT} back|"
    rf"bounced {_IT}|stonewalled|slow-?(?:walked|rolled) {_IT}|"
    r"(?:wouldn['’]t|would not|won['’]t|will not|refuses to|didn['’]t want to|did not want to) "
    r"(?:sign|approve|let|move|budge|accept|touch|allow|agree|release)|"
    r"(?:didn['’]t|did not|never) (?:sign off|approve|let us|let it|agree|approved|signed off)|"
    rf"pulled the plug|froze {_IT}|threw {_IT} out|put {_IT} on (?:hold|ice)|put the brakes on|hit the brakes|"
    r"dragged (?:its|their|his|her) feet|dug (?:in )?(?:its|their|his|her) heels(?: in)?|put (?:its|their|his|"
    r"her) foot down|"
    rf"drew (?:a|the) line|sent {_IT} back|took (?:\w+ ){{1,3}}(?:weeks|months|quarters))\b",
    r"\b(?:held up|blocked|vetoed|killed|stalled|stopped|shot down|stuck|hung up|delayed|rejected|turned down|"
    r"bogged down|"
    rf"torpedoed|nixed|derailed|denied|held back) (?:by|in|at|with) {_WHO}",
    rf"\b(?P<actor>i) {_OFTEN}(?:vetoed|(?:killed|blocked|stopped|sent back|turned down|rejected) {_PAPER}|"
    r"refused to "
    r"(?:sign|approve)|(?:wouldn['’]t|would not|won['’]t) (?:sign|approve) (?:it|that|this|the|off)|"
    r"pulled the plug on|"
    r"put my foot down|put the brakes on)",
    rf"\b(?P<actor>{_ANYBODY}) {_OFTEN}(?:blocked|killed|vetoed|rejected|turned down|shot down|stalled) {_PAPER}",
    rf"\b(?P<actor>i|we|{_SOMEBODY})(?:['’]ve| have| had| has|['’]d) (?:a|the) veto\b",
    rf"\bdied (?:in|on|at) (?:the desk of )?{_WHO}",
    rf"\b{_WHO} (?:was|were|is|are|became|ended up being) (?:the|our|a|always the) (?:real |big |biggest |main |"
    r"only |"
    r"main |one )*(?:blocker|bottleneck|roadblock|road ?block|hold-?out|hold-?up|obstacle|stumbling block|"
    r"showstopper)\b",
    r"\b(?:the|our) (?:real |big |biggest |main |only )*(?:blocker|bottleneck|roadblock|hold-?out|hold-?up|obstacle|"
    rf"stumbling block) (?:is|was|were) {_WHO}",
    rf"\b(?:deal-?\s?breaker|non-?starter|no-?go|show-?stopper) (?:for|with) {_WHO}",
    rf"\b(?:a |got a |hard |flat |firm |big |the )*\bno from {_WHO}",
)

CUES: dict[Permission, tuple[re.Pattern[str], ...]] = {
    Permission.NEUTRALISE: _NEUTRALISE,
    Permission.APPROVE: _APPROVE,
    Permission.CHAMPION: _CHAMPION,
    Permission.BLOCK: _BLOCK,
}

UNREAL = re.compile(
    r"(?:\b(?:would|could|might|may|if|unless|should|can|never|nobody|no one|not|hard to|without|used to|before|"
    r"until|"
    r"waiting (?:for|on)|wants?|will|thought|worried|afraid|feared|assumed?|imagine|suppose|supposing|expected|"
    r"in case|what if|rumou?r|whether|hopefully|hoping|hope|wish|wished|almost|nearly|neither|nor|"
    r"wonder(?:ed)?)\b|(?:^|[.!?;,]\s*)had(?=\s+$)|n['’]t\b)"
    r"[^.!?;]{0,16}$",
    re.IGNORECASE,
)
"""What before a wording says that it did not happen, or only might."""

OF_OTHERS = re.compile(
    r"(?:\b(?:your|their|his|her|its|vendor|supplier|reseller|competitor|provider|rep|sales)(?:['’]s)?|"
    r"\b(?!(?:today|yesterday|week|month|quarter|year|it|that|what|who|here|there|he|she|let)['’])[\w-]+['’]s)"
    r"(?: own| internal| entire| whole| side)?\s+$",
    re.IGNORECASE,
)
"""What before an actor says that it is the vendor's or somebody else's."""
VENDOR_SIDE = re.compile(
    r"(?i)\b(?:vendor(?:['’]s)?|sales|reseller|partner|supplier|account (?:manager|team|exec)|customer success|rep)\b"
)
"""What among an actor's words says that it sits on the vendor's side."""
