/** The documents of operations on workflows and runs: each with everything that it can answer about a workflow. */

const workflow = `fragment Workflow on Workflow {
  id name description state version viewerCan createdBy { id kind name } createdAt updatedBy { id kind name } updatedAt
  secretKeys { secretKey { id } step place }
  steps {
    id name type timeoutSeconds editedBy { id kind name }
    ... on SendApiRequestAction {
      method url query { name value } headers { name value } basicAuth { username password } expectStatus
      body { json form { name value } text contentType }
    }
    ... on RunCodeAction { code variables { name value } }
  }
}`;
const warnings = 'warnings { code field secretKey { id } }';

const mutation = (operation: string, answer = `workflow { ...Workflow } ${warnings}`): string => {
  const input = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`;
  const fragment = answer.includes('...Workflow') ? ` ${workflow}` : '';
  return `mutation ($input: ${input}!) { ${operation}(input: $input) { ${answer} } }${fragment}`;
};

export const createWorkflow = mutation('createWorkflow');
export const renameWorkflow = mutation('renameWorkflow');
export const setWorkflowSteps = mutation('setWorkflowSteps');
export const activateWorkflow = mutation('activateWorkflow');
export const deactivateWorkflow = mutation('deactivateWorkflow');
export const duplicateWorkflow = mutation('duplicateWorkflow');
export const deleteWorkflow = mutation('deleteWorkflow', 'deletedId');
export const replaceSecretKeyReferences = mutation(
  'replaceSecretKeyReferences',
  'moved { id name version } notMoved { workflow { id name } reason } notVisibleCount',
);
export const runWorkflow = mutation('runWorkflow', 'run { id state }');
export const testAction = mutation('testAction', 'run { id state }');
export const cancelRun = mutation('cancelRun', 'run { id state }');

export const workflowById = `query ($id: ID!) { workflow(id: $id) { ...Workflow } } ${workflow}`;
export const workflows = `query (
  $first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowFilter, $orderBy: WorkflowOrder
) {
  workflows(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    nodes { id name state }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    totalCountIsCapped
  }
}`;
