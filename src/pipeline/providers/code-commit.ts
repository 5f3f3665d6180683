/** Source from a CodeCommit repository. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'
import { serviceEvent } from '../source-event.ts'

/** AWS: "CodeCommit source action reference"; CDK grants the same. */
const LOOKS = ['GetBranch', 'GetCommit']
const PACKS = ['UploadArchive', 'GetUploadArchiveStatus']
/** AWS: called of an execution that is stopped while its source comes in. */
const WHEN_STOPPED = ['CancelUploadArchive']

const isCloned = (value: (key: string) => string): boolean =>
  value('OutputArtifactFormat') === 'CODEBUILD_CLONE_REF'

/** What events tell of commits and of who made them. */
const COMMITS = [
  'repositoryId',
  'commitId',
  'oldCommitId',
  'baseCommitId',
  'sourceCommitId',
  'destinationCommitId',
  'mergeOption',
  'conflictDetailsLevel',
  'conflictResolutionStrategy',
  'callerUserArn',
  'displayName',
  'emailAddress',
]

export const codeCommit: ActionProvider = {
  type: awsAction('Source', 'CodeCommit'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    RepositoryName: { required: true, names: 'repository' },
    BranchName: { required: true, names: 'branch' },
    PollForSourceChanges: { values: ['true', 'false'] },
    OutputArtifactFormat: { values: ['CODE_ZIP', 'CODEBUILD_CLONE_REF'] },
  },
  variables: ['AuthorDate', 'BranchName', 'CommitId', 'CommitMessage', 'CommitterDate', 'RepositoryName'],
  starts: {
    by: 'rule',
    polling: 'PollForSourceChanges',
    watches: ['RepositoryName', 'BranchName'],
    // AWS: "Monitoring CodeCommit events in Amazon EventBridge": referenceCreated and referenceUpdated events.
    events: ({ RepositoryName: name = '', BranchName: branch = '' }, { account, region }) =>
      ['referenceCreated', 'referenceUpdated'].map((event) =>
        serviceEvent(
          'aws.codecommit',
          'CodeCommit Repository State Change',
          {
            resources: [formatArn('codecommit', region, account, name)],
            detail: {
              event,
              repositoryName: name,
              referenceType: 'branch',
              referenceName: branch,
              referenceFullName: `refs/heads/${branch}`,
            },
          },
          COMMITS,
        ),
      ),
  },
  revisions: ['COMMIT_ID'],
  // AWS: "Add CodeBuild GitClone permissions for CodeCommit source actions" (Troubleshooting CodePipeline).
  clone: ({ account, region, value }, principal) =>
    isCloned(value)
      ? needAll(
          principal,
          ['codecommit:GitPull'],
          formatArn('codecommit', region, account, value('RepositoryName')),
          'to clone the repository in a build',
        )
      : undefined,
  needs: (around) => {
    const { role, account, region, value } = around
    const repository = formatArn('codecommit', region, account, value('RepositoryName'))
    const fetch = (actions: readonly string[]) =>
      needAll(
        role,
        actions.map((action) => `codecommit:${action}`),
        repository,
        'to fetch commits from the repository',
      )
    return [
      // AWS: a full clone takes GetRepository; the archive is asked for only where the action itself hands on the files.
      ...fetch(isCloned(value) ? [...LOOKS, 'GetRepository'] : [...LOOKS, ...PACKS]),
      ...optionally(fetch(isCloned(value) ? [...PACKS, ...WHEN_STOPPED] : WHEN_STOPPED)),
      ...sourceArtifactNeeds(around),
    ]
  },
}
