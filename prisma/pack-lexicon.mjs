// Packs the concepts beside the compiled module that reads them, so that no start has to read their hundred thousand terms anew.
import { writeShippedLexicon } from '../dist/match/concepts/shipped-lexicon.js';

writeShippedLexicon();
