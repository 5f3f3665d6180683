/** The kinds of resources that CodeDeploy keeps. */
import { type Arn, AwsError, formatArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import {
  type Application,
  applications,
  type Configuration,
  configurations,
  type Deployment,
  deployments,
  type Group,
  groups,
} from './state.ts'

const arnHere = ({ region, account }: Pick<Context, 'region' | 'account'>, resource: string): Arn =>
  formatArn('codedeploy', region, account, resource)

const badTags = (problem: string): AwsError => new AwsError('InvalidTagsToAddException', problem)

export const applicationArn = (ctx: Pick<Context, 'region' | 'account'>, name: string): Arn =>
  arnHere(ctx, `application:${name}`)

export const groupArn = (
  ctx: Pick<Context, 'region' | 'account'>,
  { application, name }: Pick<Group, 'application' | 'name'>,
): Arn => arnHere(ctx, `deploymentgroup:${application}/${name}`)

export const applicationKind = resourceKind({
  service: 'codedeploy',
  table: applications,
  key: ({ name }: Application) => name,
  found: (ctx, name: string) => ({
    record: ctx.table(applications).get(name),
    arn: applicationArn(ctx, name),
    account: ctx.account,
    region: ctx.region,
  }),
  absent: ({ arn }) =>
    new AwsError('ApplicationDoesNotExistException', `No application found for name: ${lastOf(arn)}`),
  policy: 'none',
  tags: tagsInRecord<Application>({ join: joinTags(badTags), creation: 'TagResource' }),
})

export type GroupName = Pick<Group, 'application' | 'name'>

export const groupKind = resourceKind({
  service: 'codedeploy',
  table: groups,
  key: ({ application, name }: Group) => `${application}/${name}`,
  found: (ctx, { application, name }: GroupName) => ({
    record: ctx.table(groups).get(`${application}/${name}`),
    arn: groupArn(ctx, { application, name }),
    account: ctx.account,
    region: ctx.region,
  }),
  absent: ({ arn }) =>
    new AwsError(
      'DeploymentGroupDoesNotExistException',
      `No Deployment Group found for name: ${lastOf(arn).split('/')[1]}`,
    ),
  policy: 'none',
  tags: tagsInRecord<Group>({ join: joinTags(badTags), creation: 'TagResource' }),
})

/** One of the account's own; those of AWS have ARNs of the account too. */
export const configurationKind = resourceKind({
  service: 'codedeploy',
  table: configurations,
  key: ({ name }: Configuration) => name,
  found: (ctx, name: string) => ({
    record: ctx.table(configurations).get(name),
    arn: arnHere(ctx, `deploymentconfig:${name}`),
    account: ctx.account,
    region: ctx.region,
  }),
  absent: ({ arn }) =>
    new AwsError(
      'DeploymentConfigDoesNotExistException',
      `No Deployment Configuration found for name: ${lastOf(arn)}`,
    ),
  policy: 'none',
  tags: 'none',
})

/** AWS: a deployment is no resource for policies; its group is asked, and any group where there is no such deployment. */
export const deploymentKind = resourceKind({
  service: 'codedeploy',
  table: deployments,
  key: ({ id }: Deployment) => id,
  found: (ctx, id: string) => {
    const record = ctx.table(deployments).get(id)
    const { application = '*', group: name = '*' } = record ?? {}
    return { record, arn: groupArn(ctx, { application, name }), account: ctx.account, region: ctx.region }
  },
  absent: () => new AwsError('DeploymentDoesNotExistException', 'The deployment could not be found'),
  policy: 'none',
  tags: 'none',
  conditions: ({ record }, ctx) => {
    const tags =
      record && groupKind.lookUp(ctx, { application: record.application, name: record.group })?.tags
    return (
      tags &&
      Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]))
    )
  },
})

const lastOf = (arn: Arn): string => arn.slice(arn.lastIndexOf(':') + 1)

export const kinds = [applicationKind, groupKind, configurationKind, deploymentKind]
