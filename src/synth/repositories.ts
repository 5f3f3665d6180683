/** The CodeCommit repositories of the hub, and the users that mirror others into them. */
import { expandText, type Fleet, type FleetRepository } from '../fleet/index.ts'
import {
  type Arn,
  formatArn,
  type OthersNeeds,
  type StageDeclaration,
  type TemplateOutput,
  type TemplateResource,
} from '../model/index.ts'
import { namedThings } from '../pipeline/index.ts'
import type { DeclaredSource } from './declare-sources.ts'
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
              Action: MIRRORING,
              Resource: repositoryArn(hub, name),
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

const MIRRORING = ['codecommit:GitPull', 'codecommit:GitPush']

const repositoryArn = ({ account, region }: Fleet['hub'], name: string): Arn =>
  formatArn('codecommit', region, account, name)

/** Gives what the users need that mirror into what a pipeline fetches, for the proof: at the action that fetches it. */
export const mirrorNeeds = (
  { hub, repositories }: Fleet,
  stages: readonly StageDeclaration[],
  sources: readonly DeclaredSource[],
  names: Names,
): OthersNeeds[] =>
  sources.flatMap(({ action }): OthersNeeds[] => {
    const fetched = namedThings(action.actionTypeId, action.configuration).repository
    const mirrored = repositories.find(({ name, mirror }) => mirror !== undefined && name === fetched)
    // AWS: without a role of its own an action fetches from the account of the pipeline.
    if (!mirrored || action.roleArn !== undefined) return []
    const needs = MIRRORING.map((call) => ({
      principal: names.mirrorUserArn(mirrored.name),
      action: call,
      resource: repositoryArn(hub, mirrored.name),
      because: 'to mirror into the repository that the pipeline fetches',
    }))
    return [{ stage: stages[0]!.name, action: action.name, needs }]
  })

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
