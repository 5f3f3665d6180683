/** A stack that Crossdock made, as it stands: what it was, and what of it outlives it. */

import type { Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import { type AssemblyStack, formatArn, type Template, type TemplateResource } from '../../model/index.ts'
import { deployedTemplate } from '../steps/deployed-template.ts'

export interface OwnStack extends Pick<AssemblyStack, 'name' | 'target' | 'title' | 'template'> {
  /** As the fleet file names its account, or the account's number. */
  readonly environment: string
  readonly id: string
  /** AWS: with termination protection CloudFormation deletes it for nobody. */
  readonly isProtected: boolean
}

/** Gives a stack that was found, with the template that it was deployed from. */
export async function ownStack(
  accounts: Pick<OpenAccounts, 'client'>,
  { StackName: name = '', StackId: id = name, Description = '', EnableTerminationProtection }: Stack,
  target: AssemblyStack['target'],
  environment: string,
): Promise<OwnStack> {
  const template = await deployedTemplate(accounts, { id, target })
  const title = Description.replace(/^Crossdock fleet [^:]*: /, '') || name
  return { name, id, target, environment, title, template, isProtected: EnableTerminationProtection === true }
}

type WithTemplate = Pick<OwnStack, 'template'>

const resourcesOf = ({ template }: WithTemplate, type: string): TemplateResource[] =>
  Object.values(template.Resources).filter(({ Type }) => Type === type)

const named = (stack: WithTemplate, type: string, property: string): string[] =>
  resourcesOf(stack, type).flatMap(({ Properties }) => {
    const name = Properties?.[property]
    return typeof name === 'string' ? [name] : []
  })

/** Names of its pipelines, which run as long as it stands. */
export const pipelinesOf = (stack: WithTemplate): string[] =>
  named(stack, 'AWS::CodePipeline::Pipeline', 'Name')

/** Whether its deletion lets keys go. AWS: only after a waiting period, in which they can be had back. */
export const hasKey = (stack: WithTemplate): boolean => resourcesOf(stack, 'AWS::KMS::Key').length > 0

/** Its CodeCommit repositories, with all their commits. */
export const repositoriesOf = (stack: WithTemplate): string[] =>
  named({ template: { Resources: deletedOf(stack) } }, 'AWS::CodeCommit::Repository', 'RepositoryName')

/** Names of the buckets that go with it, and have to be empty before. */
export const bucketsOf = (stack: WithTemplate): string[] =>
  named({ template: { Resources: deletedOf(stack) } }, 'AWS::S3::Bucket', 'BucketName')

/** ARNs of its roles. */
export const rolesOf = (stack: Pick<OwnStack, 'template' | 'target'>): string[] =>
  resourcesOf(stack, 'AWS::IAM::Role').flatMap(({ Properties: { RoleName, Path = '/' } = {} }) =>
    typeof RoleName === 'string'
      ? [formatArn('iam', '', stack.target.account, `role${Path}${RoleName}`)]
      : [],
  )

/** AWS: what has one of these policies stays when its stack goes. */
const isRetained = ({ DeletionPolicy = 'Delete' }: TemplateResource): boolean =>
  /^Retain/.test(DeletionPolicy)

function deletedOf({ template }: WithTemplate): Template['Resources'] {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, one]) => !isRetained(one)))
}

/** What its template says is to stay: logical id and type. */
export const retainedOf = ({ template }: WithTemplate): { readonly id: string; readonly type: string }[] =>
  Object.entries(template.Resources)
    .filter(([, one]) => isRetained(one))
    .map(([id, { Type: type }]) => ({ id, type }))
