/** Which repositories have which approval rule templates. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { onRepository } from '../engine/access.ts'
import { findTemplate, templatesOf } from '../engine/rule-template.ts'
import { repositoryKind } from '../kinds.ts'
import { repositories, ruleTemplates } from '../state.ts'

/** AWS: quotas, "Approval rule templates associated with a repository": 25. */
const MOST = 25

/** Errors: MaximumRuleTemplatesAssociatedWithRepositoryException; those of repository and template. */
function associate(ctx: Context, templateName: string, repositoryName: string): void {
  const template = findTemplate(ctx, templateName)
  const repository = repositoryKind.find(ctx, repositoryName)
  if (template.repositories.includes(repository.id)) return
  if (templatesOf(ctx, repository).length >= MOST)
    throw new AwsError(
      'MaximumRuleTemplatesAssociatedWithRepositoryException',
      `${repositoryName} has ${MOST} templates already`,
    )
  const having = [...template.repositories, repository.id]
  ctx.table(ruleTemplates).put(template.name, { ...template, repositories: having })
}

function dissociate(ctx: Context, templateName: string, repositoryName: string): void {
  const template = findTemplate(ctx, templateName)
  const { id } = repositoryKind.find(ctx, repositoryName)
  const having = template.repositories.filter((one) => one !== id)
  ctx.table(ruleTemplates).put(template.name, { ...template, repositories: having })
}

/** Does something for many repositories: gives those for which it was done, and why not for the others. */
function forEach(names: readonly string[], work: (name: string) => void) {
  const done: string[] = []
  const errors: { repositoryName: string; errorCode: string; errorMessage: string }[] = []
  for (const repositoryName of names)
    try {
      work(repositoryName)
      done.push(repositoryName)
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      errors.push({ repositoryName, errorCode: error.code, errorMessage: error.message })
    }
  return { done, errors }
}

const onEach =
  (action: string) =>
  ({ repositoryNames }: { readonly repositoryNames: readonly string[] }, ctx: Context) =>
    repositoryNames.map((name) => repositoryKind.on(ctx, action, name))

export const AssociateApprovalRuleTemplateWithRepository = operation({
  service: 'codecommit',
  name: 'AssociateApprovalRuleTemplateWithRepository',
  access: onRepository('AssociateApprovalRuleTemplateWithRepository'),
  run: ({ approvalRuleTemplateName, repositoryName }, ctx) => {
    associate(ctx, approvalRuleTemplateName, repositoryName)
    return {}
  },
})

export const BatchAssociateApprovalRuleTemplateWithRepositories = operation({
  service: 'codecommit',
  name: 'BatchAssociateApprovalRuleTemplateWithRepositories',
  access: onEach('BatchAssociateApprovalRuleTemplateWithRepositories'),
  run: ({ approvalRuleTemplateName, repositoryNames }, ctx) => {
    findTemplate(ctx, approvalRuleTemplateName)
    const { done, errors } = forEach(repositoryNames, (one) => associate(ctx, approvalRuleTemplateName, one))
    return { associatedRepositoryNames: done, errors }
  },
})

export const DisassociateApprovalRuleTemplateFromRepository = operation({
  service: 'codecommit',
  name: 'DisassociateApprovalRuleTemplateFromRepository',
  access: onRepository('DisassociateApprovalRuleTemplateFromRepository'),
  run: ({ approvalRuleTemplateName, repositoryName }, ctx) => {
    dissociate(ctx, approvalRuleTemplateName, repositoryName)
    return {}
  },
})

export const BatchDisassociateApprovalRuleTemplateFromRepositories = operation({
  service: 'codecommit',
  name: 'BatchDisassociateApprovalRuleTemplateFromRepositories',
  access: onEach('BatchDisassociateApprovalRuleTemplateFromRepositories'),
  run: ({ approvalRuleTemplateName, repositoryNames }, ctx) => {
    findTemplate(ctx, approvalRuleTemplateName)
    const { done, errors } = forEach(repositoryNames, (one) => dissociate(ctx, approvalRuleTemplateName, one))
    return { disassociatedRepositoryNames: done, errors }
  },
})

const page = (
  names: readonly string[],
  token: string | undefined,
  limit: number | undefined,
  query: unknown,
) =>
  paginate(names, {
    token,
    limit: limit || 100,
    query,
    error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
  })

export const ListAssociatedApprovalRuleTemplatesForRepository = operation({
  service: 'codecommit',
  name: 'ListAssociatedApprovalRuleTemplatesForRepository',
  access: onRepository('ListAssociatedApprovalRuleTemplatesForRepository'),
  run: ({ repositoryName, nextToken, maxResults }, ctx) => {
    const names = templatesOf(ctx, repositoryKind.find(ctx, repositoryName)).map(({ name }) => name)
    const { items, nextToken: next } = page(names, nextToken, maxResults, repositoryName)
    return { approvalRuleTemplateNames: items, nextToken: next }
  },
})

export const ListRepositoriesForApprovalRuleTemplate = operation({
  service: 'codecommit',
  name: 'ListRepositoriesForApprovalRuleTemplate',
  access: () => [{ action: 'codecommit:ListRepositoriesForApprovalRuleTemplate', resource: '*' }],
  run: ({ approvalRuleTemplateName, nextToken, maxResults }, ctx) => {
    const { repositories: ids } = findTemplate(ctx, approvalRuleTemplateName)
    const found = ctx
      .table(repositories)
      .values()
      .filter(({ id }) => ids.includes(id))
    const names = found.map(({ name }) => name).sort()
    const { items, nextToken: next } = page(names, nextToken, maxResults, approvalRuleTemplateName)
    return { repositoryNames: items, nextToken: next }
  },
})
