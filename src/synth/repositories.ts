/** The CodeCommit repositories of the hub, and the users that mirror others into them. */
import { expandText, type Fleet, type FleetRepository } from '../fleet/index.ts'
import { formatArn, type TemplateOutput, type TemplateResource } from '../model/index.ts'
import { distinctId, type Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { compact, resource } from './resource.ts'

/** Gives the resources of every repository. */
export const repositoryResources = (fleet: Fleet, names: Names): Record<string, TemplateResource> =>
  Object.assign(
    {},
    ...fleet.repositories.map((repository) => ({
      [repositoryId(repository)]: resource(
        'AWS::CodeCommit::Repository',
        compact({ RepositoryName: repository.name, RepositoryDescription: repository.description }),
      ),
      ...(repository.mirror && { [mirrorId(repository)]: mirrorUser(fleet, names, repository) }),
    })),
  )

const repositoryId = ({ name }: FleetRepository): string => distinctId('Repository', name)
const mirrorId = ({ name }: FleetRepository): string => distinctId('Mirror', name)

/**
 * The user that a push mirror acts as. It has no credentials: whoever sets the mirror up makes them.
 * AWS: Git over HTTPS takes credentials of an IAM user for CodeCommit alone (CreateServiceSpecificCredential), which
 * CloudFormation cannot make.
 */
function mirrorUser({ hub, iam }: Fleet, names: Names, { name }: FleetRepository): TemplateResource {
  const repository = formatArn('codecommit', hub.region, hub.account, name)
  return resource(
    'AWS::IAM::User',
    compact({
      UserName: names.mirrorUser(name),
      Path: iam.path,
      PermissionsBoundary: iam.boundary && expandText(iam.boundary, { account: hub.account }),
      Policies: [
        {
          PolicyName: 'crossdock',
          PolicyDocument: policy([
            {
              Sid: 'MirrorIntoTheRepository',
              Effect: 'Allow',
              Action: ['codecommit:GitPull', 'codecommit:GitPush'],
              Resource: repository,
            },
          ]),
        },
      ],
      Tags: Object.keys(iam.tags).length
        ? Object.entries(iam.tags).map(([Key, Value]) => ({ Key, Value }))
        : undefined,
    }),
  )
}

/** Tells what setting up each mirror takes. */
export function repositoryOutputs({
  repositories,
}: Pick<Fleet, 'repositories'>): Record<string, TemplateOutput> {
  const outputs: Record<string, TemplateOutput> = {}
  for (const repository of repositories) {
    if (!repository.mirror) continue
    outputs[`${mirrorId(repository)}Url`] = {
      Description: `Where ${repository.mirror} pushes to`,
      Value: { 'Fn::GetAtt': [repositoryId(repository), 'CloneUrlHttp'] },
    }
    outputs[`${mirrorId(repository)}User`] = {
      Description:
        'Whom it pushes as; aws iam create-service-specific-credential --service-name codecommit.amazonaws.com makes the password',
      Value: { Ref: mirrorId(repository) },
    }
  }
  return outputs
}
