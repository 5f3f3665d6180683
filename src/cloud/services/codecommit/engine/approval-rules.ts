/** Approval rules of pull requests: read, and held against who has approved. */
import { AwsError, readJson, starPattern } from '../../../../model/index.ts'
import type { ApprovalRule, PullRequest } from '../state.ts'

interface Statement {
  readonly needed: number
  /** None means everybody. */
  readonly pool: readonly string[]
}

const invalid = (why: string): AwsError =>
  new AwsError('InvalidApprovalRuleContentException', `The content of the approval rule is not valid: ${why}`)

/** AWS: "how-to-create-pull-request-approval-rule", its examples. Errors: InvalidApprovalRuleContentException. */
export const readRule = (content: string): Statement[] => statementsOf(parse(content))

/**
 * Gives the destinations that a template is for; none means all of them.
 * AWS: "how-to-create-template", its examples. Errors: InvalidApprovalRuleTemplateContentException.
 */
export function readTemplate(content: string): readonly string[] {
  try {
    const template = parse(content)
    statementsOf(template)
    const { DestinationReferences: references = [] } = template
    if (!Array.isArray(references) || !references.every((one) => typeof one === 'string'))
      throw invalid('DestinationReferences is no list of references')
    return references
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new AwsError('InvalidApprovalRuleTemplateContentException', error.message)
  }
}

/** Whether a template is for a destination. AWS: a reference may end in a wildcard (`refs/heads/release*`). */
export function isFor(content: string, destination: string): boolean {
  const references = readTemplate(content)
  return !references.length || references.some((one) => starPattern(one)(destination))
}

function parse(content: string): Record<string, unknown> {
  try {
    return readJson(content) as Record<string, unknown>
  } catch (error) {
    throw invalid((error as Error).message)
  }
}

function statementsOf(rule: Record<string, unknown>): Statement[] {
  if (rule?.Version !== '2018-11-08') throw invalid('its Version is not 2018-11-08')
  const { Statements: statements } = rule
  if (!Array.isArray(statements) || !statements.length) throw invalid('it has no Statements')
  return statements.map((one) => {
    if (one?.Type !== 'Approvers') throw invalid('the Type of a statement is not Approvers')
    const { NumberOfApprovalsNeeded: needed, ApprovalPoolMembers: pool = [] } = one
    if (!Number.isInteger(needed) || needed < 1) throw invalid('NumberOfApprovalsNeeded is no number above 0')
    if (!Array.isArray(pool) || pool.length > 50 || !pool.every((member) => typeof member === 'string'))
      throw invalid('ApprovalPoolMembers is no list of at most 50 members')
    return { needed, pool }
  })
}

/**
 * Whether a member of a pool is meant. AWS: `CodeCommitApprovers:<account>:<name>` is a user of that name; a session is
 * `<role>/<session>` there, both with wildcards, and an ARN is itself ("how-to-create-pull-request-approval-rule").
 */
function isMember(member: string, userArn: string): boolean {
  const [, account, name] = /^CodeCommitApprovers:(\d{12}):(.+)$/.exec(member) ?? []
  if (name === undefined) return starPattern(member)(userArn)
  const path = userArn.slice(userArn.indexOf('/') + 1)
  const own = userArn.includes(':assumed-role/') ? path : path.slice(path.lastIndexOf('/') + 1)
  return userArn.split(':')[4] === account && starPattern(name)(own)
}

/** Whether one of a pool is meant; everybody is where it is empty. */
export const isInPool = (pool: readonly string[], userArn: string): boolean =>
  !pool.length || pool.some((member) => isMember(member, userArn))

const isMet = ({ content }: ApprovalRule, { approvals }: PullRequest): boolean =>
  readRule(content).every(({ needed, pool }) => {
    const approving = approvals.filter(({ state, userArn }) => state === 'APPROVE' && isInPool(pool, userArn))
    return approving.length >= needed
  })

/** Gives the names of the rules that are met, and of those that are not. */
export function evaluateRules(one: PullRequest): { satisfied: string[]; unsatisfied: string[] } {
  const names = (met: boolean) => one.rules.filter((rule) => isMet(rule, one) === met).map(({ name }) => name)
  return { satisfied: names(true), unsatisfied: names(false) }
}
