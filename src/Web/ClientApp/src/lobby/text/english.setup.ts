import { speak } from '.';
import * as en from './en';

// Tests speak English without fetching it.
speak('en', en);
