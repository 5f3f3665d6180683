/** Roles that pipelines work as and that none of the given templates makes. */
import { isAssumption, parseArn } from '../../../../model/index.ts'
import type { Landscape } from '../../../landscape/landscape.ts'
import type { Edge, Use } from '../../../proof/proof.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

export const roleInNoTemplate: LintRule = {
  id: 'role-in-no-template',
  summary: 'A pipeline works as a role that none of the templates makes, so that nothing of it is proven.',
  find: ({ landscape, proof, complete }) => {
    if (complete || !landscape.templates.length) return []
    const uses = new Map<string, Use>()
    for (const edge of proof.edges)
      for (const role of missingRoles(edge, landscape)) if (!uses.has(role)) uses.set(role, edge.uses[0]!)
    return [...uses].map(([role, use]) => finding(role, use, landscape))
  },
}

const missingRoles = ({ need, verdict }: Edge, { roles }: Landscape): string[] =>
  [need.principal, ...(isAssumption(need) ? [need.resource] : [])].filter(
    (arn) => verdict === 'unknown' && /^arn:[\w-]+:iam::\d{12}:role\//.test(arn) && !roles.has(arn),
  )

function finding(role: string, use: Use, landscape: Landscape): FindingDetails {
  const account = parseArn(role)?.account
  const given = new Set(landscape.templates.map(({ target }) => target.account))
  const others = [...landscape.roles.values()].filter((one) => one.account === account)
  const place = [use.stage, use.action].filter(Boolean).join(' › ')
  return {
    severity: 'warning',
    message: `${place ? `${place} of ` : ''}the pipeline ${use.pipeline} works as ${role}, which no template makes`,
    fix: given.has(account ?? '')
      ? `give the template of account ${account} that makes it, or name one of its roles: ${others.map(({ arn }) => arn).join(', ') || 'there are none'}`
      : `give the template of account ${account} that makes it, or mend the account: the templates are those of ${[...given].join(', ')}`,
    origin: landscape.pipelines.find(({ declaration }) => declaration.name === use.pipeline)?.origin,
  }
}
