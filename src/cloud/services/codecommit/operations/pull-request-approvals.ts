/** Approvals of pull requests, and the rules that say how many are needed. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { evaluateRules, readRule } from '../engine/approval-rules.ts'
import { sha256 } from '../engine/digest.ts'
import { approvalChanged, ruleChanged, ruleOverridden } from '../engine/happenings.ts'
import {
  changePullRequest,
  describeRule,
  findPullRequest,
  onPullRequest,
  publishPullRequest,
  requireOpen,
} from '../engine/pull-request.ts'
import type { PullRequest } from '../state.ts'

/** AWS: quotas, "Approval rules on a pull request". */
const MOST_RULES = 30

/** Errors: RevisionNotCurrentException. */
function requireRevision({ revisionId: now }: PullRequest, revisionId: string): void {
  if (revisionId !== now)
    throw new AwsError('RevisionNotCurrentException', `The revision ${revisionId} is not the current one`)
}

/** Errors: ApprovalRuleNameAlreadyExistsException, NumberOfRulesExceededException, InvalidApprovalRuleContentException. */
export const CreatePullRequestApprovalRule = operation({
  service: 'codecommit',
  name: 'CreatePullRequestApprovalRule',
  access: onPullRequest('CreatePullRequestApprovalRule'),
  run: ({ pullRequestId, approvalRuleName: name, approvalRuleContent: content }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    readRule(content)
    if (found.rules.some((one) => one.name === name))
      throw new AwsError(
        'ApprovalRuleNameAlreadyExistsException',
        `There is an approval rule ${name} already`,
      )
    if (found.rules.length >= MOST_RULES)
      throw new AwsError('NumberOfRulesExceededException', `At most ${MOST_RULES} approval rules are taken`)
    const id = ctx.cloud.ids.uuid()
    const rule = { id, name, content, created: ctx.cloud.clock.now(), user: ctx.identity.arn }
    changePullRequest(ctx, found, { rules: [...found.rules, rule] }, ruleChanged('CREATED', rule))
    return { approvalRule: describeRule(rule) }
  },
})

/** Errors: ApprovalRuleDoesNotExistException. */
export const DeletePullRequestApprovalRule = operation({
  service: 'codecommit',
  name: 'DeletePullRequestApprovalRule',
  access: onPullRequest('DeletePullRequestApprovalRule'),
  run: ({ pullRequestId, approvalRuleName }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    const rule = found.rules.find(({ name }) => name === approvalRuleName)
    if (!rule)
      throw new AwsError('ApprovalRuleDoesNotExistException', `There is no approval rule ${approvalRuleName}`)
    if (rule.template)
      throw new AwsError(
        'CannotDeleteApprovalRuleFromTemplateException',
        `The approval rule ${approvalRuleName} comes from a template`,
      )
    const rules = found.rules.filter((one) => one !== rule)
    changePullRequest(ctx, found, { rules }, ruleChanged('DELETED', rule))
    return { approvalRuleId: rule.id }
  },
})

/** Errors: ApprovalRuleDoesNotExistException, CannotModifyApprovalRuleFromTemplateException, InvalidRuleContentSha256Exception. */
export const UpdatePullRequestApprovalRuleContent = operation({
  service: 'codecommit',
  name: 'UpdatePullRequestApprovalRuleContent',
  access: onPullRequest('UpdatePullRequestApprovalRuleContent'),
  run: (input, ctx) => {
    const {
      pullRequestId,
      approvalRuleName,
      newRuleContent: content,
      existingRuleContentSha256: digest,
    } = input
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    const rule = found.rules.find(({ name }) => name === approvalRuleName)
    if (!rule)
      throw new AwsError('ApprovalRuleDoesNotExistException', `There is no approval rule ${approvalRuleName}`)
    if (rule.template)
      throw new AwsError(
        'CannotModifyApprovalRuleFromTemplateException',
        `The approval rule ${approvalRuleName} comes from a template`,
      )
    if (digest !== undefined && digest !== sha256(rule.content))
      throw new AwsError(
        'InvalidRuleContentSha256Exception',
        'The content is another than the one that was read',
      )
    readRule(content)
    const changed = { ...rule, content, modified: ctx.cloud.clock.now(), user: ctx.identity.arn }
    const rules = found.rules.map((one) => (one === rule ? changed : one))
    changePullRequest(ctx, found, { rules }, ruleChanged('UPDATED', changed))
    return { approvalRule: describeRule(changed) }
  },
})

/** AWS: rules that are set aside stand again with the next revision. Errors: OverrideAlreadySetException. */
export const OverridePullRequestApprovalRules = operation({
  service: 'codecommit',
  name: 'OverridePullRequestApprovalRules',
  access: onPullRequest('OverridePullRequestApprovalRules'),
  run: ({ pullRequestId, revisionId, overrideStatus }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    requireRevision(found, revisionId)
    const isSet = overrideStatus === 'OVERRIDE'
    if (isSet && found.overriddenBy !== undefined)
      throw new AwsError('OverrideAlreadySetException', 'The approval rules are set aside already')
    const overriddenBy = isSet ? ctx.identity.arn : undefined
    const changed = changePullRequest(
      ctx,
      found,
      { overriddenBy },
      ruleOverridden(revisionId, overrideStatus),
    )
    publishPullRequest(ctx, changed, 'pullRequestApprovalRuleOverridden', { overrideStatus })
    return {}
  },
})

/** Errors: RevisionNotCurrentException. */
export const GetPullRequestOverrideState = operation({
  service: 'codecommit',
  name: 'GetPullRequestOverrideState',
  access: onPullRequest('GetPullRequestOverrideState'),
  run: ({ pullRequestId, revisionId }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireRevision(found, revisionId)
    const { overriddenBy: overrider } = found
    return { overridden: overrider !== undefined, ...(overrider !== undefined && { overrider }) }
  },
})

/** AWS: nobody approves what is his own. Errors: PullRequestCannotBeApprovedByAuthorException. */
export const UpdatePullRequestApprovalState = operation({
  service: 'codecommit',
  name: 'UpdatePullRequestApprovalState',
  access: onPullRequest('UpdatePullRequestApprovalState'),
  run: ({ pullRequestId, revisionId, approvalState }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireOpen(found)
    requireRevision(found, revisionId)
    const { arn: userArn } = ctx.identity
    if (userArn === found.authorArn)
      throw new AwsError(
        'PullRequestCannotBeApprovedByAuthorException',
        'The author of a pull request cannot approve it',
      )
    const others = found.approvals.filter((one) => one.userArn !== userArn)
    const approvals = [...others, { userArn, state: approvalState }]
    const changed = changePullRequest(ctx, found, { approvals }, approvalChanged(revisionId, approvalState))
    publishPullRequest(ctx, changed, 'pullRequestApprovalStateChanged', { approvalStatus: approvalState })
    return {}
  },
})

/** Errors: RevisionNotCurrentException. */
export const GetPullRequestApprovalStates = operation({
  service: 'codecommit',
  name: 'GetPullRequestApprovalStates',
  access: onPullRequest('GetPullRequestApprovalStates'),
  run: ({ pullRequestId, revisionId }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireRevision(found, revisionId)
    return {
      approvals: found.approvals.map(({ userArn, state }) => ({ userArn, approvalState: state })),
    }
  },
})

/** AWS: without rules a pull request is approved. Errors: RevisionNotCurrentException. */
export const EvaluatePullRequestApprovalRules = operation({
  service: 'codecommit',
  name: 'EvaluatePullRequestApprovalRules',
  access: onPullRequest('EvaluatePullRequestApprovalRules'),
  run: ({ pullRequestId, revisionId }, ctx) => {
    const found = findPullRequest(ctx, pullRequestId)
    requireRevision(found, revisionId)
    const { satisfied, unsatisfied } = evaluateRules(found)
    return {
      evaluation: {
        approved: found.overriddenBy !== undefined || unsatisfied.length === 0,
        overridden: found.overriddenBy !== undefined,
        approvalRulesSatisfied: satisfied,
        approvalRulesNotSatisfied: unsatisfied,
      },
    }
  },
})
