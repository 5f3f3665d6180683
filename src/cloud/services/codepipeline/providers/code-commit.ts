/** Source from a CodeCommit repository. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import { codeCommitChanged } from '../../../kernel/service-events.ts'
import { writeReference } from '../../../sources/clone-reference.ts'
import {
  ActionFailure,
  type ActionJob,
  type Outcome,
  type Runner,
  type Start,
  startsOn,
  type WaitingSource,
} from './runner.ts'

export const codeCommit: Runner = {
  id: 'Source/CodeCommit',
  starts: startsOn(codeCommitChanged, startByPoll),
  run: async (job) => {
    const { RepositoryName: repositoryName = '', BranchName = '' } = job.configuration
    const { commit } = await job.call('codecommit', 'GetCommit', {
      repositoryName,
      commitId: await wantedCommit(job, repositoryName, BranchName),
    })
    const content =
      job.configuration.OutputArtifactFormat === 'CODEBUILD_CLONE_REF'
        ? await referTo(job, commit!.commitId!)
        : await fetchArchive(job, repositoryName, commit!.commitId!)
    await job.write(job.outputs[0]!, content)
    return describe(job, commit!)
  },
}

/** AWS: of a full clone the action looks up the repository alone; the build's project clones it. */
async function referTo(job: ActionJob, commit: string): Promise<Uint8Array> {
  const { RepositoryName: name = '', BranchName: branch = '' } = job.configuration
  await job.call('codecommit', 'GetRepository', { repositoryName: name })
  const { account } = await job.as()
  const codecommit = { account: account ?? job.ctx.account, region: job.region, name }
  return writeReference({ codecommit, branch, commit })
}

/** What polling would find: a commit on the branch, in the account of the role in effect. */
function startByPoll(
  told: {
    readonly account: string
    readonly region: string
    readonly repository: string
    readonly branch: string
  },
  { pipeline, action, region }: WaitingSource,
): Start | undefined {
  const { RepositoryName, BranchName, PollForSourceChanges = 'true' } = action.configuration ?? {}
  const account = parseArn(action.roleArn ?? pipeline.roleArn)?.account
  const isNew =
    told.account === account &&
    told.region === (action.region ?? region) &&
    told.repository === RepositoryName &&
    told.branch === BranchName
  return isNew && PollForSourceChanges !== 'false'
    ? { trigger: { type: 'PollForSourceChanges', detail: action.name } }
    : undefined
}

/** AWS: codecommit:GetBranch tells the newest commit, where the execution is not for a certain one. */
async function wantedCommit(job: ActionJob, repositoryName: string, branchName: string): Promise<string> {
  if (job.override) return job.override.revisionValue
  const { branch } = await job.call('codecommit', 'GetBranch', { repositoryName, branchName })
  return branch?.commitId ?? ''
}

/** AWS: CodeCommit packs the commit, and CodePipeline asks until it has. Errors: CodeCommit's. */
async function fetchArchive(job: ActionJob, repositoryName: string, commitId: string): Promise<Uint8Array> {
  // The archive is no answer to be kept for a run after a kill, which asks for another.
  const options = { as: await job.as(), region: job.region }
  const { uploadId } = await job.ctx.call(
    'codecommit',
    'UploadArchive',
    { repositoryName, commitId },
    options,
  )
  const asked = { repositoryName, uploadId }
  const { archive } = await job.ctx
    .call('codecommit', 'GetUploadArchiveStatus', asked, options)
    .catch((error) => {
      if (error instanceof AwsError) throw error
      throw new ActionFailure(`The commit ${commitId} could not be packed: ${error.message}`)
    })
  return archive
}

type Commit = NonNullable<Output<'codecommit', 'GetCommit'>['commit']>

/** `1484167798 -0800` as CodePipeline tells it. */
const timeOf = (date = ''): string =>
  new Date(Number(date.split(' ')[0]) * 1000).toISOString().replace('.000Z', 'Z')

function describe(job: ActionJob, { commitId = '', message = '', author, committer }: Commit): Outcome {
  const { RepositoryName = '', BranchName = '' } = job.configuration
  const summary = message.trim()
  const url = `https://${job.region}.console.aws.amazon.com/codecommit/home?region=${job.region}#/repository/${RepositoryName}/commit/${commitId}`
  return {
    variables: {
      AuthorDate: timeOf(author?.date),
      BranchName,
      CommitId: commitId,
      CommitMessage: summary,
      CommitterDate: timeOf(committer?.date),
      RepositoryName,
    },
    external: { id: commitId, url, summary },
    revision: { id: commitId, summary, url, created: Date.parse(timeOf(committer?.date)) },
  }
}
