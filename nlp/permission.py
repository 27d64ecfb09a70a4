"""What a role does in the deal: approve it, champion it, block it or win others over.

Only what the passage shows counts, as something done or held. What people might do, what a product allows or denies,
and blocking as a security control ("it blocked the malware") show nothing about the deal: a wrong word about a person
is worse than none.
"""

from __future__ import annotations

import re

from winloss.model import Permission


def permission_of(text: str) -> Permission | None:
    """What the passage shows somebody doing in the deal, or None; the first that is shown decides.

    Winning over somebody who stood in the way counts as that, not as the blocking that came before it.
    """
    shown = [
        (match.start(), permission)
        for permission, cues in _CUES.items()
        for cue in cues
        for match in cue.finditer(text)
        if not _UNREAL.search(text, max(0, match.start() - 30), match.start())
    ]
    won_over = [found for found in shown if found[1] is Permission.NEUTRALISE]
    return min(won_over or shown, key=lambda found: found[0])[1] if shown else None


_GATEKEEPER = (
    r"(?:(?:the |our |my |their )?(?:legal|procurement|purchasing|finance|privacy|compliance|infosec|works council|cfo|"
    r"finance director|controller|comptroller|dpo|data protection officer|general counsel|counsel|lawyers?|attorneys?|"
    r"contracting officer|authorizing official|auditors?|"
    r"(?:security|legal|procurement|finance|privacy|compliance|risk|audit|architecture|sourcing) "
    r"(?:team|people|folks|officer|department|review|lead|guys?|board|committee)))"
)
_SOMEBODY = (
    rf"(?:{_GATEKEEPER}|(?:the |our |my )(?:ciso|cio|cto|ceo|board|boss|director|vp|committee|chairman|chair|owner|"
    r"plant manager|steering committee|leadership|management|architecture board|change board))"
)
_PAPER = (
    r"(?:(?:the|our|a|that|this|their|every|any) (?:\w+ )?(?:deal|contract|purchase|paperwork|order|agreement|project|"
    r"budget|spend|renewal|poc|pilot|business case|package|rollout|procurement|quote|proposal|redlines?|request))"
)
_DEAL = rf"(?:it|this|that|them|us|the (?:vendor|tool|product|platform|money|whole thing|thing)|{_PAPER})"
_UNREAL = re.compile(
    r"(?:\b(?:would|could|might|may|if|unless|should|can|never|nobody|no one|not|hard to|without|used to|before|until|"
    r"waiting (?:for|on)|wants?|will)\b|n['’]t\b)[^.!?]{0,16}$",
    re.IGNORECASE,
)


def _cues(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_CUES: dict[Permission, tuple[re.Pattern[str], ...]] = {
    Permission.NEUTRALISE: _cues(
        rf"\b(?:talked|argued|walked|got|brought|won) {_SOMEBODY} (?:down|round|around|over|off the ledge|on side|"
        r"on board|onboard|comfortable|past|through)\b",
        rf"\b(?:got|brought|moved) {_SOMEBODY} to (?:drop|stop|back off|stand down|waive|accept|agree|live with)\b",
        rf"\b(?:reassured|placated|appeased|satisfied|convinced|persuaded|calmed|quieted) {_GATEKEEPER}\b",
        rf"\bgot (?:it|this|that|the \w+) past {_SOMEBODY}\b",
        rf"\b(?:took care of|shut up) {_GATEKEEPER}\b|\bsettled (?:it|that) (?:for|with) {_GATEKEEPER}\b",
        rf"\b{_GATEKEEPER} (?:finally |eventually |then )?(?:backed (?:off|down)|waived|relented|came (?:round|around)|"
        r"(?:dropped|withdrew|gave up) (?:it|that|the|their|its|his|her)\b)",
    ),
    Permission.APPROVE: _cues(
        rf"\b(?:i|we|{_SOMEBODY}) (?:finally |eventually |then |just )?"
        rf"(?:signed (?:off\b|it\b|{_PAPER})|approved {_DEAL}|green-?lit|green-?lighted|okayed|rubber-?stamped|"
        r"gave (?:it |us |them )?(?:the |a |his |her |their )?(?:green light|go-ahead|nod|blessing|sign-?off))\b",
        r"\bi (?:have to |get to )?(?:sign(?: off)?(?: on)?|approve|ratify) (?:every|all|any|the|what)\w*\b",
        r"\bi (?:don['’]t|won['’]t) sign (?:before|until|unless|anything|without)\b",
        r"\b(?:my|the final) (?:signature|approval|sign-?off)(?: is| was|['’]s)? (?:on|needed|required|the last)\b",
        r"\bi (?:own|hold|control) the (?:budget|purse)\b",
        r"\bi['’]?m the (?:approver|signatory|budget holder|one who signs)\b",
        r"\b(?:the buck stops with me|the decision (?:is|was) mine|it was my (?:decision|call))\b",
    ),
    Permission.CHAMPION: _cues(
        r"\bi (?:really |personally |basically |had )*(?:pushed|fought|argued|lobbied|campaigned|advocated|vouched|"
        r"made the case|went to bat|stuck my neck out|built the (?:business )?case|wrote the (?:business )?case) "
        r"(?:hard )?(?:for|to get|internally)\b",
        rf"\b(?:i|we) (?:championed|sponsored|recommended) {_DEAL}\b",
        r"\bi (?:was|am)(?: very much)? (?:the|an|your|their) (?:internal |executive )?(?:champion|sponsor|advocate)\b",
        r"\bi(?:['’]m| was) the one (?:who|that) (?:pushed|wanted|brought|argued|found|proposed|championed)\b",
        rf"\bi (?:took|brought|carried|pitched|sold) {_DEAL} (?:in )?to {_SOMEBODY}\b",
        r"\b(?:the |our |my )(?:ciso|cio|cto|boss|director|soc|analysts|team|engineers) (?:really |kept )?"
        r"(?:pushed|pushing|fought|lobbied|went to bat|championed|argued) (?:hard )?for\b",
    ),
    Permission.BLOCK: _cues(
        rf"\b{_SOMEBODY} (?:then |just |basically |simply |flat out |flatly |has |had |have )*"
        rf"(?:held {_DEAL}|held up|sat on {_DEAL}|blocked {_DEAL}|vetoed|killed {_DEAL}|stopped {_DEAL}|stalled|"
        rf"shot {_DEAL} down|shot down|turned {_DEAL} down|said no\b|balked|refused|rejected {_DEAL}|forbidden|forbade|"
        rf"wouldn['’]t (?:sign|approve|let|move|budge|accept|touch)|pulled the plug|froze {_DEAL}|threw {_DEAL} out|"
        rf"put {_DEAL} on hold|sent {_DEAL} back|took (?:\w+ ){{1,3}}(?:weeks|months|quarters))",
        r"\b(?:held up|blocked|vetoed|killed|stalled|stopped|shot down|stuck|hung up|delayed) (?:by|in|at|with) "
        rf"{_SOMEBODY}\b",
        rf"\bi (?:vetoed|(?:killed|blocked|stopped|sent back|turned down) {_PAPER}|refused to sign|wouldn['’]t sign|"
        r"pulled the plug on)\b",
        r"\bi(?:['’]ve| have| had) (?:a|the) veto\b",
        rf"\bdied (?:in|on|at) (?:the desk of )?{_SOMEBODY}\b",
    ),
}
