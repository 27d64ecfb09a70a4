"""The wordings in which a passage shows somebody approving, championing, blocking or winning others over.

In each pattern `actor` is who does it and `whom` who is won over; a pattern without an actor tells what is done to
somebody without telling by whom.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    r"(?:(?:the |our |my )?(?:(?:(?:enterprise|security) )?(?:security|legal|procurement|finance|privacy|"
    r"compliance|risk|"
    rf"audit|architecture|sourcing|purchasing)(?: review)? {_BODIES}|{_KEEPERS}|{_GATES})(?![\w-]))"
)
_LEADERS = (
    r"(?:ciso|cio|cto|ceo|coo|cfo|board|boss|bosses|director|vp|svp|evp|president|committee|chairman|chair|owner|"
    r"plant manager|steering committee|leadership|management|architecture board|change board|advisory board|founder|"
    r"founders|exec(?:utive)?s?|executive team|leadership team|head of (?:\w+ )?\w+|director of (?:\w+ )?\w+|"
    r"vp of (?:\w+ )?\w+|vice president|secretary|superintendent|partners|union|higher-?ups)"
)
_SOMEBODY = rf"(?:{_GATEKEEPER}|(?:the |our |my )(?:\w+ )?{_LEADERS}(?![\w-]))"
_WORKERS = (
    r"(?:soc|analysts?|engineers?|admins?|administrators?|architects?|developers?|devs|team|teams|lead|leads|manager|"
    r"managers|sysadmins?|staff|people|folks|colleagues?|peers?|coworkers?|guy|consultants?)"
)
_ANYBODY = rf"(?:{_SOMEBODY}|(?:the |our |my |one of (?:the |our |my ))(?:[\w&-]+ ){{0,3}}?{_WORKERS}(?![\w-]))"
_WHO = rf"(?P<actor>{_SOMEBODY})"
_WHO_EVER = rf"(?P<actor>{_ANYBODY})"
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
    r"(?:it all|(?:the|this|that|their|your) (?:vendor|tool|product|platform|solution|money|whole thing|thing|suite)|"
    rf"it|this|that|them|us|things|everything|{_PAPER})"
)
_OFTEN = (
    r"(?:(?:who|uh|um|er|like|he|she|they|then|just|basically|simply|flat out|flatly|has|had|have|also|even|"
    r"really|personally|finally|eventually|"
    r"immediately|straight away|initially|first|always|still|actually|of course|obviously|kind of|sort of|"
    r"pretty much|"
    r"later|quietly|repeatedly|literally|ultimately|in the end|kept|again|both|all) )*"
)
_WHILE = (
    r"(?!\s+(?:an?|\d+|one|two|three|four|five|six|eight|ten|twelve|several|some|many|half an?|a few|the whole|"
    r"all)\s+"
    r"(?:\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cue:
    """A wording, and the words of which a text must hold one before it is worth looking for it."""

    needs: frozenset[str]
    pattern: re.Pattern[str]


def _cue(needs: str, *parts: str) -> Cue:
    return Cue(needs=frozenset(needs.split()), pattern=re.compile(r"\b" + "".join(parts), re.IGNORECASE))


_BY = rf"(?P<actor>(?:i|we|{_ANYBODY}) )?{_OFTEN}"
_OWN = r"(?:its|their|his|her|my)"
_NAMES_OF_APPROVAL = r"(?:sign-?off|approval|green light|go-?ahead|nod|blessing|signature|ok|okay|thumbs up)"
_IN_FULL = r"(?:(?:the|a|an|our|his|her|their|its|final|formal|full|budget|written|internal|executive) )*"
_MUCH = r"(?:(?:real|big|biggest|main|only|one|major|strong|internal|executive|very much|always) )*"

_NEUTRALISE = (
    _cue(
        "talked argued walked got brought won",
        rf"{_BY}(?:talked|argued|walked|got|brought|won) {_WHOM_ALL} (?:down|round|around|over|off the ledge|"
        r"on side|",
        r"onside|on board|onboard|comfortable|past|through|aligned)\b",
    ),
    _cue(
        "got brought moved convinced persuaded",
        rf"{_BY}(?:got|brought|moved|convinced|persuaded) {_WHOM_ALL} to (?:drop|stop|back off|stand down|waive|",
        r"accept|agree|live with|withdraw|let it go|move)\b",
    ),
    _cue(
        "reassured placated appeased satisfied convinced persuaded calmed quieted won neutralized neutralised defused "
        "disarmed mollified",
        rf"{_BY}(?:reassured|placated|appeased|satisfied|convinced|persuaded|calmed|quieted|won over|neutrali[sz]ed|",
        rf"defused|disarmed|mollified) {_WHOM}",
    ),
    _cue("mind minds ease rest", rf"{_BY}(?:put|set) {_WHOM}(?:['’]s?)? (?:minds? )?(?:at ease|to rest)\b"),
    _cue("talked", rf"{_BY}talked {_WHOM_ALL} into (?:it|this|that|accepting|signing|approving)\b"),
    _cue("got", rf"{_BY}got (?:it|this|that|the \w+) (?:past|through) {_WHOM_ALL}"),
    _cue(
        "care shut settled",
        rf"{_BY}(?:took care of|shut up|settled (?:it|that) (?:for|with)) {_WHOM}",
    ),
    _cue(
        "concern concerns objection objections worries questions fears",
        rf"{_BY}(?:answered|addressed|resolved|dealt with|took away|removed) {_WHOM}['’]s? ",
        r"(?:\w+ )?(?:concerns?|objections?|worries|questions|fears)\b",
    ),
    _cue(
        "backed waived relented caved came changed stood dropped withdrew gave",
        rf"{_WHO} {_OFTEN}(?:backed (?:off|down)|waived|relented|caved|came (?:round|around)|changed {_OWN} minds?|",
        rf"stood down|(?:dropped|withdrew|gave up) (?:(?:it|that|the)\b|{_OWN}\b))",
    ),
)

_APPROVE = (
    _cue(
        "signed countersigned approved green greenlit okayed rubber authorized authorised ratified released cut funded "
        "yes let gave",
        rf"{_ME_OR_SOMEBODY} {_OFTEN}(?:signed (?:off\b|it\b|{_PAPER})|countersigned|approved {_IT}|green-?lit|",
        rf"green-?lighted|okayed|rubber-?stamped|authori[sz]ed {_IT}|ratified|released (?:the|our) (?:budget|funds|",
        rf"money)|cut (?:the|a|them a) (?:check|cheque|po)\b|funded {_IT}|said yes\b|let {_IT} through|",
        rf"gave (?:it |us |them |me |him |her )?{_IN_FULL}{_NAMES_OF_APPROVAL}\b)",
    ),
    _cue("cleared", rf"(?P<actor>{_GATEKEEPER}) {_OFTEN}cleared (?:it\b|them\b|{_PAPER})"),
    _cue(
        "by",
        r"(?:approved|signed off(?: on)?|signed|green-?lit|okayed|authori[sz]ed|cleared|countersigned|",
        rf"rubber-?stamped) by {_WHO}",
    ),
    _cue(
        "sign signoff approval green go goahead nod blessing signature ok okay",
        rf"(?:got|gotten|received|had|have|obtained|secured) {_IN_FULL}{_NAMES_OF_APPROVAL} (?:from|of) {_WHO}",
    ),
    _cue(
        "sign signoff approval blessing signature",
        rf"(?:needs?|needed|requires?|required|takes|took) {_WHO}['’]s? (?:\w+ )?",
        r"(?:signature|approval|sign-?off|blessing)\b",
    ),
    _cue(
        "sign signoff approval blessing signature",
        rf"(?:needs?|needed|requires?|required) {_IN_FULL}(?:signature|approval|sign-?off|blessing) (?:from|of|by) ",
        _WHO,
    ),
    _cue(
        "sign approve ratify authorize authorise",
        rf"{_WHO} (?:always |still |also )?(?:has to|have to|must|gets to|needs to) ",
        r"(?:sign|approve|ratify|authori[sz]e)\b",
    ),
    _cue(
        "signs approves ratifies authorizes authorises",
        rf"{_WHO} (?:always |also )?(?:signs|approves|ratifies|authori[sz]es)(?: off)?(?: on)? ",
        r"(?:it|every|all|any|the|what|our)\w*\b",
    ),
    _cue(
        "budget purse pursestrings money",
        rf"(?P<actor>i|{_SOMEBODY}) (?:owns?|holds?|controls?|owned|held|controlled) the (?:\w+ )?(?:budget|"
        r"purse|money)",
    ),
    _cue(
        "final last",
        rf"{_ME_OR_SOMEBODY} {_OFTEN}(?:has|have|had|gets?|got) (?:the |a )?(?:final|last) ",
        r"(?:say|word|call|decision|vote)\b",
    ),
    _cue(
        "call decision",
        rf"{_ME_OR_SOMEBODY} (?:makes?|made) the (?:final |last )?(?:call|decision)\b",
    ),
    _cue(
        "final last",
        r"(?:final|last) (?:say|word|call|decision|approval|sign-?off) (?:is|was|rests|rested|sits|sat|lies|lay|",
        r"stays|ends up) with (?P<actor>me|us|" + _SOMEBODY + ")",
    ),
    _cue(
        "approver decision economic budget signatory signs approves",
        rf"(?P<actor>i|{_SOMEBODY})(?:['’]?m| (?:am|is|was|are|were)) (?:the|our|a) (?:(?:final|real|ultimate|"
        r"main) )?",
        r"(?:approver|decision[- ]?maker|economic buyer|budget (?:holder|owner)|signatory|",
        r"(?:one|person|guy|man|woman) who (?:signs|approves))\b",
    ),
    _cue(
        "sign approve ratify",
        r"(?P<actor>i) (?:have to |get to |always )?(?:sign(?: off)?(?: on)?|approve|ratify) ",
        r"(?:every|all|any|the|what)\w*\b",
    ),
    _cue("sign", r"(?P<actor>i) (?:don['’]t|won['’]t) sign (?:before|until|unless|anything|without)\b"),
    _cue(
        "signature approval sign signoff",
        r"(?P<actor>my) (?:signature|approval|sign-?off)(?: is| was|['’]s)? (?:on|needed|required|the last)\b",
    ),
    _cue(
        "signature approval sign signoff",
        r"(?:needs?|needed|waits? for|requires?|without) (?P<actor>my) (?:signature|approval|sign-?off)\b",
    ),
    _cue("buck", r"the buck stops with (?P<actor>me)\b"),
    _cue("mine", r"the decision (?:is|was) (?P<actor>mine)\b"),
    _cue("decision call", r"it was (?P<actor>my) (?:decision|call)\b"),
)

_CHAMPION = (
    _cue(
        "pushed pushing fought fighting argued arguing lobbied lobbying campaigned advocated advocating vouched made "
        "making went stuck built wrote put",
        rf"(?P<actor>i|{_ANYBODY}) (?:(?:really|personally|basically|had|kept|has|have|always|just|also|hard|"
        r"strongly|",
        r"very) )*(?:pushed|pushing|fought|fighting|argued|arguing|lobbied|lobbying|campaigned|advocated|advocating|",
        r"vouched|(?:made|making|built|wrote) (?:the|a) (?:strong )?(?:business )?case|went to bat|",
        rf"stuck {_OWN} necks? out|put {_OWN} names?) ",
        rf"(?:(?:hard|internally|really|strongly) )*(?:for|to get|internally|on the line|behind)\b{_WHILE}",
    ),
    _cue(
        "championed sponsored recommended evangelized evangelised talked sold",
        rf"{_ME_OR_ANYBODY} {_OFTEN}(?:championed|sponsored|recommended|evangeli[sz]ed|talked up|sold) {_IT}",
        r"(?= internally| hard| up| to |[.,;!]|$| from| over| at| and| through| all| because| as| with)",
    ),
    _cue(
        "champion sponsor advocate cheerleader supporter",
        rf"(?P<actor>i|{_ANYBODY}) (?:am|was|is|were|became|has been) (?:very much )?(?:the|an|a|our|your|their|"
        r"its) ",
        rf"{_MUCH}(?:champion|sponsor|advocate|cheerleader|supporter)\b",
    ),
    _cue(
        "champion sponsor advocate",
        rf"(?:our|the) {_MUCH}(?:champion|sponsor|advocate) (?:here |internally )?(?:is|was) {_WHO_EVER}",
    ),
    _cue("championed sponsored pushed driven", rf"(?:championed|sponsored|pushed|driven) by {_WHO_EVER}"),
    _cue(
        "one ones",
        rf"(?P<actor>i|{_ANYBODY})(?:['’]m| am| was| is| were| are) the ones? (?:who|that) ",
        r"(?:pushed|wanted|brought|argued|found|proposed|championed)\b",
    ),
    _cue(
        "took brought carried pitched sold",
        rf"(?P<actor>i) (?:took|brought|carried|pitched|sold) {_IT} (?:in )?to {_SOMEBODY}",
    ),
)

_OBSTACLE = (
    r"(?:blocker|bottleneck|road ?block|hold-?out|hold-?up|obstacle|stumbling block|show-?stopper|deal-?breaker)\b"
)
_OBSTACLES = (
    "blocker bottleneck roadblock road holdout holdup hold obstacle stumbling showstopper show deal dealbreaker breaker"
)
_BLOCK = (
    _cue(
        "held hold holds sat sit sits blocked vetoed vetoes killed stopped stalled shot turned no balked rejected "
        "nixed torpedoed scuppered derailed sank spiked denied delayed tied kicked bounced slow slowwalked slowrolled "
        "froze threw put sent",
        rf"{_WHO} {_OFTEN}(?:(?:held|sat on|sits? on|blocked|killed|stopped|turned down|rejected|sank|spiked|denied|",
        rf"delayed|bounced|slow-?(?:walked|rolled)|froze) {_IT}|(?:holds?|shot|turned|tied|kicked|threw|put|sent) ",
        rf"{_IT} (?:up|down|back|out|on (?:hold|ice))|(?:held|holds?) up|vetoe[ds]|stalled|shot down|said no|balked|",
        r"nixed|torpedoed|scuppered|derailed)\b",
    ),
    _cue(
        "refused forbidden forbade declined objected stonewalled wouldn would won refuses want didn did never pulled "
        "brakes dragged heels foot drew took",
        rf"{_WHO} {_OFTEN}(?:refused|forbidden|forbade|declined (?:{_IT}|to (?:sign|approve))|objected|stonewalled|",
        r"(?:wouldn['’]t|would not|won['’]t|will not|refuses to|didn['’]t want to|did not want to) ",
        r"(?:sign|approve|let|move|budge|accept|touch|allow|agree|release)|(?:didn['’]t|did not|never) ",
        r"(?:sign off|approve|let us|let it|agree|approved|signed off)|pulled the plug|(?:put|"
        r"hit) (?:on )?the brakes|",
        rf"dragged {_OWN} feet|dug (?:in )?{_OWN} heels|put {_OWN} foot down|drew (?:a|the) line|",
        r"took (?:\w+ ){1,3}(?:weeks|months|quarters))\b",
    ),
    _cue(
        "held blocked vetoed killed stalled stopped shot stuck hung delayed rejected turned bogged torpedoed nixed "
        "derailed denied",
        r"(?:held up|held back|blocked|vetoed|killed|stalled|stopped|shot down|stuck|hung up|delayed|rejected|",
        rf"turned down|bogged down|torpedoed|nixed|derailed|denied) (?:by|in|at|with) {_WHO}",
    ),
    _cue(
        "vetoed killed blocked stopped sent turned rejected refused wouldn would won pulled put",
        rf"(?P<actor>i) {_OFTEN}(?:vetoed|(?:killed|blocked|stopped|sent back|turned down|rejected) {_PAPER}|",
        r"refused to (?:sign|approve)|(?:wouldn['’]t|would not|won['’]t) (?:sign|approve) (?:it|that|this|the|off)|",
        r"pulled the plug on|put my foot down|put the brakes on)\b",
    ),
    _cue(
        "blocked killed vetoed rejected turned shot stalled",
        rf"(?P<actor>{_ANYBODY}) {_OFTEN}(?:blocked|killed|vetoed|rejected|turned down|shot down|stalled) {_PAPER}",
    ),
    _cue("veto", rf"{_ME_OR_SOMEBODY}(?:['’]ve| have| had| has|['’]d) (?:a|the) veto\b"),
    _cue("died fell", rf"(?:died|fell apart) (?:in|on|at) (?:the desk of )?{_WHO}"),
    _cue(
        "lost spent took",
        rf"(?:lost|spent) (?:\w+ ){{1,4}}(?:weeks|months|quarters) (?:in|with|on|at) {_WHO}",
    ),
    _cue("took", rf"it took {_WHO} (?:\w+ ){{1,4}}(?:weeks|months|quarters)\b"),
    _cue("kibosh freeze", rf"{_WHO} {_OFTEN}put (?:the kibosh|a freeze) on\b"),
    _cue(
        "against opposed",
        rf"{_WHO} {_OFTEN}(?:was|were) (?:dead set |firmly |strongly |totally )?(?:against {_IT}|opposed)\b",
    ),
    _cue(
        _OBSTACLES,
        rf"{_WHO} (?:was|were|is|are|became|ended up being) (?:the|our|a) {_MUCH}{_OBSTACLE}",
    ),
    _cue(_OBSTACLES, rf"(?:the|our) {_MUCH}{_OBSTACLE} (?:is|was|were) {_WHO}"),
    _cue(
        "dealbreaker breaker nonstarter starter go nogo showstopper stopper",
        rf"(?:deal[- ]?breaker|non-?starter|no-?go|show-?stopper) (?:for|with) {_WHO}",
    ),
    _cue("no", rf"no from {_WHO}"),
)

CUES: dict[Permission, tuple[Cue, ...]] = {
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
