import type { Problem } from '../shared/problems';
import { shared } from '../shared/text';

/** Why something was refused, in a sentence. */
export function detailOf(problem: Problem): string {
  if (problem.code === 'offline') return shared('problem.offline');
  return problem.detail || shared('problem.unreadable');
}
