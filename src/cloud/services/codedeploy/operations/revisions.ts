/** RegisterApplicationRevision, GetApplicationRevision, BatchGetApplicationRevisions and ListApplicationRevisions. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { badToken, PAGE } from '../engine/refuse.ts'
import { registerRevision } from '../engine/register-revision.ts'
import { checkedLocation, revisionKey } from '../engine/revision-location.ts'
import { applicationKind } from '../kinds.ts'
import { type Revision, type RevisionLocation, revisions, revisionsOf } from '../state.ts'

const dateOf = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at))

const describe = ({ description, registered, firstUsed, lastUsed, groups }: Revision) => ({
  description,
  deploymentGroups: [...groups],
  firstUsedTime: dateOf(firstUsed),
  lastUsedTime: dateOf(lastUsed),
  registerTime: new Date(registered),
})

export const RegisterApplicationRevision = operation({
  service: 'codedeploy',
  name: 'RegisterApplicationRevision',
  access: ({ applicationName }, ctx) => [
    applicationKind.on(ctx, 'RegisterApplicationRevision', applicationName),
  ],
  run: ({ applicationName, revision, description }, ctx) => {
    const { name, platform } = applicationKind.find(ctx, applicationName)
    registerRevision(ctx, name, checkedLocation(revision as RevisionLocation, platform), { description })
    return {}
  },
})

export const GetApplicationRevision = operation({
  service: 'codedeploy',
  name: 'GetApplicationRevision',
  access: ({ applicationName }, ctx) => [applicationKind.on(ctx, 'GetApplicationRevision', applicationName)],
  run: ({ applicationName, revision }, ctx) => {
    const { name, platform } = applicationKind.find(ctx, applicationName)
    const location = checkedLocation(revision as RevisionLocation, platform)
    const found = ctx.table(revisions).get(revisionKey(name, location))
    if (!found)
      throw new AwsError(
        'RevisionDoesNotExistException',
        `Revision does not exist for the application ${name}`,
      )
    return { applicationName: name, revision: found.location, revisionInfo: describe(found) }
  },
})

/** AWS: what is not registered is left out. */
export const BatchGetApplicationRevisions = operation({
  service: 'codedeploy',
  name: 'BatchGetApplicationRevisions',
  access: ({ applicationName }, ctx) => [
    applicationKind.on(ctx, 'BatchGetApplicationRevisions', applicationName),
  ],
  run: ({ applicationName, revisions: asked }, ctx) => {
    const { name, platform } = applicationKind.find(ctx, applicationName)
    const found = asked.flatMap((one) => {
      const location = checkedLocation(one as RevisionLocation, platform)
      const revision = ctx.table(revisions).get(revisionKey(name, location))
      return revision
        ? [{ revisionLocation: revision.location, genericRevisionInfo: describe(revision) }]
        : []
    })
    return { applicationName: name, revisions: found }
  },
})

const BY = {
  registerTime: ({ registered }: Revision) => registered,
  firstUsedTime: ({ firstUsed = 0 }: Revision) => firstUsed,
  lastUsedTime: ({ lastUsed = 0 }: Revision) => lastUsed,
}

export const ListApplicationRevisions = operation({
  service: 'codedeploy',
  name: 'ListApplicationRevisions',
  access: ({ applicationName }, ctx) => [
    applicationKind.on(ctx, 'ListApplicationRevisions', applicationName),
  ],
  run: (input, ctx) => {
    const { applicationName, nextToken: token, s3Bucket, s3KeyPrefix = '', deployed = 'ignore' } = input
    const { name } = applicationKind.find(ctx, applicationName)
    if (s3KeyPrefix && !s3Bucket)
      throw new AwsError('BucketNameFilterRequiredException', 'A bucket name is required with a key prefix')
    const time = BY[input.sortBy ?? 'registerTime']
    const sign = input.sortOrder === 'descending' ? -1 : 1
    const all = ctx
      .table(revisions)
      .where(revisionsOf, name)
      .filter(({ location: { s3Location } }) => !s3Bucket || s3Location?.bucket === s3Bucket)
      .filter(({ location: { s3Location } }) => s3Location?.key?.startsWith(s3KeyPrefix) ?? !s3KeyPrefix)
      .filter(
        ({ lastUsed }) => deployed === 'ignore' || (deployed === 'include') === (lastUsed !== undefined),
      )
      .sort((one, other) => sign * (time(one) - time(other)))
      .map(({ location }) => location)
    const query = [name, s3Bucket, s3KeyPrefix, deployed, input.sortBy, input.sortOrder]
    const page = paginate(all, { token, limit: PAGE, query, error: badToken })
    return { revisions: page.items, nextToken: page.nextToken }
  },
})
