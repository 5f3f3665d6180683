/** CreateApplication, GetApplication, BatchGetApplications, ListApplications, UpdateApplication and DeleteApplication. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { badToken, PAGE, platformFrom } from '../engine/refuse.ts'
import { applicationArn, applicationKind } from '../kinds.ts'
import { type Application, applications, deployments, groups, groupsOf, isOver, revisions } from '../state.ts'
import { deployTags } from './tags.ts'

const describe = ({ name, id, platform, created }: Application) => ({
  applicationId: id,
  applicationName: name,
  createTime: new Date(created),
  linkedToGitHub: false,
  computePlatform: platform,
})

const taken = (name: string): AwsError =>
  new AwsError('ApplicationAlreadyExistsException', `Application already exists: ${name}`)

export const CreateApplication = operation({
  service: 'codedeploy',
  name: 'CreateApplication',
  access: ({ applicationName, tags }, ctx) =>
    applicationKind.onNew(ctx, 'CreateApplication', applicationName, tags),
  run: ({ applicationName: name, computePlatform, tags }, ctx) => {
    const platform = platformFrom(computePlatform)
    if (applicationKind.lookUp(ctx, name)) throw taken(name)
    const id = ctx.cloud.ids.uuid()
    ctx.table(applications).put(name, {
      name,
      id,
      platform,
      created: ctx.cloud.clock.now(),
      tags: applicationKind.newTags(deployTags.read(tags)),
    })
    return { applicationId: id }
  },
})

export const GetApplication = operation({
  service: 'codedeploy',
  name: 'GetApplication',
  access: ({ applicationName }, ctx) => [applicationKind.on(ctx, 'GetApplication', applicationName)],
  run: ({ applicationName }, ctx) => ({ application: describe(applicationKind.find(ctx, applicationName)) }),
})

export const BatchGetApplications = operation({
  service: 'codedeploy',
  name: 'BatchGetApplications',
  access: ({ applicationNames }, ctx) =>
    applicationNames.map((name) => applicationKind.on(ctx, 'BatchGetApplications', name)),
  run: ({ applicationNames }, ctx) => ({
    applicationsInfo: applicationNames.map((name) => describe(applicationKind.find(ctx, name))),
  }),
})

/** AWS: authorized on all applications. */
export const ListApplications = operation({
  service: 'codedeploy',
  name: 'ListApplications',
  access: (_, ctx) => [{ action: 'codedeploy:ListApplications', resource: applicationArn(ctx, '*') }],
  run: ({ nextToken: token }, ctx) => {
    const all = ctx
      .table(applications)
      .values()
      .map(({ name }) => name)
    const page = paginate(all, { token, limit: PAGE, query: '', error: badToken })
    return { applications: page.items, nextToken: page.nextToken }
  },
})

/** AWS: it gives an application another name; groups and revisions stay with it. */
export const UpdateApplication = operation({
  service: 'codedeploy',
  name: 'UpdateApplication',
  access: ({ applicationName = '' }, ctx) => [applicationKind.on(ctx, 'UpdateApplication', applicationName)],
  run: ({ applicationName, newApplicationName: name }, ctx) => {
    if (!applicationName)
      throw new AwsError('ApplicationNameRequiredException', 'The application name must be specified')
    const before = applicationKind.find(ctx, applicationName)
    if (name === undefined || name === applicationName) return {}
    if (applicationKind.lookUp(ctx, name)) throw taken(name)
    ctx.table(applications).delete(applicationName)
    ctx.table(applications).put(name, { ...before, name })
    for (const group of ctx.table(groups).where(groupsOf, applicationName)) {
      ctx.table(groups).delete(`${applicationName}/${group.name}`)
      ctx.table(groups).put(`${name}/${group.name}`, { ...group, application: name })
    }
    for (const [key, revision] of ctx.table(revisions).entries())
      if (revision.application === applicationName) {
        ctx.table(revisions).delete(key)
        ctx.table(revisions).put(`${name}${key.slice(applicationName.length)}`, {
          ...revision,
          application: name,
        })
      }
    for (const deployment of ctx.table(deployments).values())
      if (deployment.application === applicationName)
        ctx.table(deployments).put(deployment.id, { ...deployment, application: name })
    return {}
  },
})

/** AWS: its groups and revisions go with it, and one that is not there is no error. Errors: InvalidOperationException while one of its deployments is under way. */
export const DeleteApplication = operation({
  service: 'codedeploy',
  name: 'DeleteApplication',
  access: ({ applicationName }, ctx) => [applicationKind.on(ctx, 'DeleteApplication', applicationName)],
  run: ({ applicationName: name }, ctx) => {
    const active = ctx
      .table(deployments)
      .values()
      .find((one) => one.application === name && !isOver(one))
    if (active)
      throw new AwsError(
        'InvalidOperationException',
        `The application ${name} has the active deployment ${active.id}`,
      )
    for (const group of ctx.table(groups).where(groupsOf, name))
      ctx.table(groups).delete(`${name}/${group.name}`)
    for (const [key] of [...ctx.table(revisions).entries()].filter(([, one]) => one.application === name))
      ctx.table(revisions).delete(key)
    ctx.table(applications).delete(name)
    return {}
  },
})
