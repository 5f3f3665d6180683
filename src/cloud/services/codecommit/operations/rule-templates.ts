/** Approval rule templates: made, changed, listed and deleted. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { readTemplate } from '../engine/approval-rules.ts'
import { sha256 } from '../engine/digest.ts'
import { checkTemplateName, findTemplate } from '../engine/rule-template.ts'
import { type RuleTemplate, repositories, ruleTemplates } from '../state.ts'

/** AWS: quotas, "Approval rule templates in an AWS account": 1,000 in each region. */
const MOST = 1000

/** AWS: actions on templates take no resource (service authorization reference). */
const onAll = (action: string) => () => [{ action: `codecommit:${action}`, resource: '*' }]

const describe = (one: RuleTemplate) => ({
  approvalRuleTemplate: {
    approvalRuleTemplateId: one.id,
    approvalRuleTemplateName: one.name,
    ...(one.description !== undefined && { approvalRuleTemplateDescription: one.description }),
    approvalRuleTemplateContent: one.content,
    ruleContentSha256: sha256(one.content),
    creationDate: new Date(one.created),
    lastModifiedDate: new Date(one.modified),
    lastModifiedUser: one.user,
  },
})

function change(ctx: Context, found: RuleTemplate, changes: Partial<RuleTemplate>) {
  const changed = { ...found, ...changes, modified: ctx.cloud.clock.now(), user: ctx.identity.arn }
  ctx.table(ruleTemplates).delete(found.name)
  ctx.table(ruleTemplates).put(changed.name, changed)
  return describe(changed)
}

/** Errors: ApprovalRuleTemplateNameAlreadyExistsException. */
function requireFree(ctx: Context, name: string): void {
  checkTemplateName(name)
  if (ctx.table(ruleTemplates).has(name))
    throw new AwsError(
      'ApprovalRuleTemplateNameAlreadyExistsException',
      `There is an approval rule template ${name} already`,
    )
}

/** Errors: those of name and content; NumberOfRuleTemplatesExceededException. */
export const CreateApprovalRuleTemplate = operation({
  service: 'codecommit',
  name: 'CreateApprovalRuleTemplate',
  access: onAll('CreateApprovalRuleTemplate'),
  run: (input, ctx) => {
    const { approvalRuleTemplateName: name, approvalRuleTemplateContent: content } = input
    requireFree(ctx, name)
    readTemplate(content)
    const table = ctx.table(ruleTemplates)
    if (table.values().length >= MOST)
      throw new AwsError('NumberOfRuleTemplatesExceededException', `At most ${MOST} templates are taken`)
    const now = ctx.cloud.clock.now()
    const made: RuleTemplate = {
      ...{ id: ctx.cloud.ids.uuid(), name, content, created: now, modified: now, user: ctx.identity.arn },
      description: input.approvalRuleTemplateDescription,
      repositories: [],
    }
    table.put(name, made)
    return describe(made)
  },
})

/** Errors: ApprovalRuleTemplateDoesNotExistException. */
export const GetApprovalRuleTemplate = operation({
  service: 'codecommit',
  name: 'GetApprovalRuleTemplate',
  access: onAll('GetApprovalRuleTemplate'),
  run: ({ approvalRuleTemplateName }, ctx) => describe(findTemplate(ctx, approvalRuleTemplateName)),
})

export const ListApprovalRuleTemplates = operation({
  service: 'codecommit',
  name: 'ListApprovalRuleTemplates',
  access: onAll('ListApprovalRuleTemplates'),
  run: ({ nextToken, maxResults }, ctx) => {
    const names = ctx
      .table(ruleTemplates)
      .values()
      .map(({ name }) => name)
    const page = paginate(names.sort(), {
      token: nextToken,
      limit: maxResults || 100,
      query: 'templates',
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return { approvalRuleTemplateNames: page.items, nextToken: page.nextToken }
  },
})

/** AWS: one that repositories have is not deleted. Errors: ApprovalRuleTemplateInUseException. */
export const DeleteApprovalRuleTemplate = operation({
  service: 'codecommit',
  name: 'DeleteApprovalRuleTemplate',
  access: onAll('DeleteApprovalRuleTemplate'),
  run: ({ approvalRuleTemplateName }, ctx) => {
    const { id, name, repositories: having } = findTemplate(ctx, approvalRuleTemplateName)
    // Repositories that were deleted since have it no more.
    if (
      ctx
        .table(repositories)
        .values()
        .some((one) => having.includes(one.id))
    )
      throw new AwsError(
        'ApprovalRuleTemplateInUseException',
        `The template ${name} is associated with repositories`,
      )
    ctx.table(ruleTemplates).delete(name)
    return { approvalRuleTemplateId: id }
  },
})

/** Errors: InvalidApprovalRuleTemplateContentException, InvalidRuleContentSha256Exception. */
export const UpdateApprovalRuleTemplateContent = operation({
  service: 'codecommit',
  name: 'UpdateApprovalRuleTemplateContent',
  access: onAll('UpdateApprovalRuleTemplateContent'),
  run: ({ approvalRuleTemplateName, newRuleContent: content, existingRuleContentSha256: digest }, ctx) => {
    const found = findTemplate(ctx, approvalRuleTemplateName)
    if (digest !== undefined && digest !== sha256(found.content))
      throw new AwsError(
        'InvalidRuleContentSha256Exception',
        'The content is another than the one that was read',
      )
    readTemplate(content)
    return change(ctx, found, { content })
  },
})

export const UpdateApprovalRuleTemplateDescription = operation({
  service: 'codecommit',
  name: 'UpdateApprovalRuleTemplateDescription',
  access: onAll('UpdateApprovalRuleTemplateDescription'),
  run: ({ approvalRuleTemplateName, approvalRuleTemplateDescription: description }, ctx) =>
    change(ctx, findTemplate(ctx, approvalRuleTemplateName), { description }),
})

/** Errors: those of names. */
export const UpdateApprovalRuleTemplateName = operation({
  service: 'codecommit',
  name: 'UpdateApprovalRuleTemplateName',
  access: onAll('UpdateApprovalRuleTemplateName'),
  run: ({ oldApprovalRuleTemplateName, newApprovalRuleTemplateName: name }, ctx) => {
    const found = findTemplate(ctx, oldApprovalRuleTemplateName)
    if (name !== found.name) requireFree(ctx, name)
    return change(ctx, found, { name })
  },
})
