/** CodeCommit: git repositories, over git's own protocol and the API. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Cloud } from '../../kernel/cloud.ts'
import { implementation } from '../../kernel/service.ts'
import { serveRepository } from './door/serve-repository.ts'
import { announceMissing } from './engine/announce.ts'
import { folderOf, repositoriesFolder } from './engine/repository-folder.ts'
import { notice } from './engine/triggers.ts'
import { kinds } from './kinds.ts'
import { CancelUploadArchive, GetUploadArchiveStatus, UploadArchive } from './operations/archives.ts'
import { CreateBranch, DeleteBranch, GetBranch, ListBranches } from './operations/branches.ts'
import { GetCommentReactions, PutCommentReaction } from './operations/comment-reactions.ts'
import {
  DeleteCommentContent,
  GetComment,
  GetCommentsForComparedCommit,
  GetCommentsForPullRequest,
  PostCommentForComparedCommit,
  PostCommentForPullRequest,
  PostCommentReply,
  UpdateComment,
} from './operations/comments.ts'
import { BatchGetCommits, GetCommit, GetDifferences } from './operations/commits.ts'
import { CreateCommit, DeleteFile, PutFile } from './operations/create-commit.ts'
import { GetBlob, GetFile, GetFolder } from './operations/files.ts'
import {
  BatchDescribeMergeConflicts,
  DescribeMergeConflicts,
  GetMergeConflicts,
} from './operations/get-merge-conflicts.ts'
import { GitPull } from './operations/git-pull.ts'
import { ImportArchive } from './operations/import-archive.ts'
import { ListFileCommitHistory } from './operations/list-file-commit-history.ts'
import {
  CreateUnreferencedMergeCommit,
  GetMergeCommit,
  GetMergeOptions,
  MergeBranchesByFastForward,
  MergeBranchesBySquash,
  MergeBranchesByThreeWay,
} from './operations/merges.ts'
import {
  CreatePullRequestApprovalRule,
  DeletePullRequestApprovalRule,
  EvaluatePullRequestApprovalRules,
  GetPullRequestApprovalStates,
  GetPullRequestOverrideState,
  OverridePullRequestApprovalRules,
  UpdatePullRequestApprovalRuleContent,
  UpdatePullRequestApprovalState,
} from './operations/pull-request-approvals.ts'
import {
  MergePullRequestByFastForward,
  MergePullRequestBySquash,
  MergePullRequestByThreeWay,
} from './operations/pull-request-merges.ts'
import {
  CreatePullRequest,
  DescribePullRequestEvents,
  GetPullRequest,
  ListPullRequests,
  UpdatePullRequestDescription,
  UpdatePullRequestStatus,
  UpdatePullRequestTitle,
} from './operations/pull-requests.ts'
import {
  BatchGetRepositories,
  CreateRepository,
  DeleteRepository,
  GetRepository,
  ListRepositories,
} from './operations/repositories.ts'
import {
  UpdateDefaultBranch,
  UpdateRepositoryDescription,
  UpdateRepositoryName,
} from './operations/repository-settings.ts'
import {
  AssociateApprovalRuleTemplateWithRepository,
  BatchAssociateApprovalRuleTemplateWithRepositories,
  BatchDisassociateApprovalRuleTemplateFromRepositories,
  DisassociateApprovalRuleTemplateFromRepository,
  ListAssociatedApprovalRuleTemplatesForRepository,
  ListRepositoriesForApprovalRuleTemplate,
} from './operations/rule-template-associations.ts'
import {
  CreateApprovalRuleTemplate,
  DeleteApprovalRuleTemplate,
  GetApprovalRuleTemplate,
  ListApprovalRuleTemplates,
  UpdateApprovalRuleTemplateContent,
  UpdateApprovalRuleTemplateDescription,
  UpdateApprovalRuleTemplateName,
} from './operations/rule-templates.ts'
import { ListTagsForResource, TagResource, UntagResource } from './operations/tags.ts'
import {
  GetRepositoryTriggers,
  PutRepositoryTriggers,
  TestRepositoryTriggers,
} from './operations/triggers.ts'
import { repository } from './resources/repository.ts'
import { repositories } from './state.ts'

export const codecommit = implementation({
  kinds,
  operations: [
    CreateRepository,
    GetRepository,
    BatchGetRepositories,
    ListRepositories,
    DeleteRepository,
    UpdateRepositoryDescription,
    UpdateRepositoryName,
    UpdateDefaultBranch,
    TagResource,
    UntagResource,
    ListTagsForResource,
    CreateBranch,
    DeleteBranch,
    GetBranch,
    ListBranches,
    GetCommit,
    BatchGetCommits,
    GetDifferences,
    GetFile,
    GetFolder,
    GetBlob,
    CreateCommit,
    PutFile,
    DeleteFile,
    GetMergeOptions,
    CreateUnreferencedMergeCommit,
    GetMergeCommit,
    MergeBranchesByFastForward,
    MergeBranchesBySquash,
    MergeBranchesByThreeWay,
    CreatePullRequest,
    GetPullRequest,
    DescribePullRequestEvents,
    ListPullRequests,
    UpdatePullRequestStatus,
    UpdatePullRequestTitle,
    UpdatePullRequestDescription,
    MergePullRequestByFastForward,
    MergePullRequestBySquash,
    MergePullRequestByThreeWay,
    CreatePullRequestApprovalRule,
    DeletePullRequestApprovalRule,
    UpdatePullRequestApprovalRuleContent,
    OverridePullRequestApprovalRules,
    GetPullRequestOverrideState,
    UpdatePullRequestApprovalState,
    GetPullRequestApprovalStates,
    EvaluatePullRequestApprovalRules,
    GetRepositoryTriggers,
    PutRepositoryTriggers,
    TestRepositoryTriggers,
    GetMergeConflicts,
    DescribeMergeConflicts,
    BatchDescribeMergeConflicts,
    ListFileCommitHistory,
    PostCommentForComparedCommit,
    PostCommentForPullRequest,
    PostCommentReply,
    GetComment,
    GetCommentsForPullRequest,
    GetCommentsForComparedCommit,
    UpdateComment,
    DeleteCommentContent,
    PutCommentReaction,
    GetCommentReactions,
    CreateApprovalRuleTemplate,
    GetApprovalRuleTemplate,
    ListApprovalRuleTemplates,
    DeleteApprovalRuleTemplate,
    UpdateApprovalRuleTemplateContent,
    UpdateApprovalRuleTemplateDescription,
    UpdateApprovalRuleTemplateName,
    AssociateApprovalRuleTemplateWithRepository,
    BatchAssociateApprovalRuleTemplateWithRepositories,
    DisassociateApprovalRuleTemplateFromRepository,
    BatchDisassociateApprovalRuleTemplateFromRepositories,
    ListAssociatedApprovalRuleTemplatesForRepository,
    ListRepositoriesForApprovalRuleTemplate,
  ],
  privateOperations: [GitPull, UploadArchive, GetUploadArchiveStatus, CancelUploadArchive, ImportArchive],
  handOvers: [notice],
  resourceTypes: [repository],
  http: serveRepository,
  start: (cloud, context) => {
    removeForgotten(cloud)
    announceMissing(cloud, context)
  },
})

/** Takes away folders whose repository a kill has kept from being recorded, or from being deleted altogether. */
function removeForgotten(cloud: Cloud): void {
  const folder = repositoriesFolder(cloud)
  const kept = new Set(
    cloud.store
      .everywhere(repositories)
      .flatMap(({ table }) => table.values().map((one) => folderOf(cloud, one))),
  )
  for (const name of listing(folder))
    if (!kept.has(join(folder, name))) rmSync(join(folder, name), { recursive: true, force: true })
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
