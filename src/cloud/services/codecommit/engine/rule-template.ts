/** Approval rule templates as they are found, and as pull requests get them. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ApprovalRule, type Repository, type RuleTemplate, ruleTemplates } from '../state.ts'
import { isFor } from './approval-rules.ts'

/** Errors: InvalidApprovalRuleTemplateNameException. */
export function checkTemplateName(name: string): void {
  if (name.trim() === '' || name.length > 100)
    throw new AwsError(
      'InvalidApprovalRuleTemplateNameException',
      `The name ${JSON.stringify(name)} is not valid`,
    )
}

/** Errors: ApprovalRuleTemplateDoesNotExistException. */
export function findTemplate(ctx: Context, name: string): RuleTemplate {
  checkTemplateName(name)
  const found = ctx.table(ruleTemplates).get(name)
  if (found) return found
  throw new AwsError(
    'ApprovalRuleTemplateDoesNotExistException',
    `The approval rule template ${name} does not exist`,
  )
}

/** Gives the templates that a repository has, by name. */
export const templatesOf = (ctx: Context, { id }: Repository): RuleTemplate[] =>
  ctx
    .table(ruleTemplates)
    .values()
    .filter(({ repositories }) => repositories.includes(id))
    .sort((one, other) => (one.name < other.name ? -1 : 1))

/** Gives the rules that a new pull request gets. AWS: of templates for its destination, called as they are. */
export const rulesFor = (ctx: Context, repository: Repository, destination: string): ApprovalRule[] =>
  templatesOf(ctx, repository)
    .filter(({ content }) => isFor(content, destination))
    .map(({ id, name, content, user }) => ({
      ...{ id: ctx.cloud.ids.uuid(), name, content, user },
      created: ctx.cloud.clock.now(),
      template: { id, name },
    }))
