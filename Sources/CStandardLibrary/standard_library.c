// The files of stdlib/ in the order in which they are read: each may use what the ones before it define.
// A test compares this list with the folder.

#include "CStandardLibrary.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char measures[] = {
#embed "../../stdlib/measures.cq"
};

static const unsigned char inequality[] = {
#embed "../../stdlib/inequality.cq"
};

static const unsigned char statistics[] = {
#embed "../../stdlib/statistics.cq"
};

static const unsigned char specialization[] = {
#embed "../../stdlib/specialization.cq"
};

static const unsigned char diversity[] = {
#embed "../../stdlib/diversity.cq"
};

static const unsigned char concentration[] = {
#embed "../../stdlib/concentration.cq"
};

static const unsigned char growth[] = {
#embed "../../stdlib/growth.cq"
};

static const unsigned char clusters[] = {
#embed "../../stdlib/clusters.cq"
};

static const unsigned char scorecards[] = {
#embed "../../stdlib/scorecards.cq"
};

static const unsigned char coverage[] = {
#embed "../../stdlib/coverage.cq"
};

static const unsigned char convergence[] = {
#embed "../../stdlib/convergence.cq"
};

static const unsigned char spatial[] = {
#embed "../../stdlib/spatial.cq"
};

static const unsigned char export_base[] = {
#embed "../../stdlib/export_base.cq"
};

static const unsigned char gravity[] = {
#embed "../../stdlib/gravity.cq"
};

static const unsigned char classes[] = {
#embed "../../stdlib/classes.cq"
};

static const unsigned char complexity[] = {
#embed "../../stdlib/complexity.cq"
};

static const unsigned char relatedness[] = {
#embed "../../stdlib/relatedness.cq"
};

static const unsigned char input_output[] = {
#embed "../../stdlib/input_output.cq"
};

static const unsigned char trade[] = {
#embed "../../stdlib/trade.cq"
};

static const unsigned char spatial_regression[] = {
#embed "../../stdlib/spatial_regression.cq"
};

static const unsigned char multivariate[] = {
#embed "../../stdlib/multivariate.cq"
};

static const unsigned char spatial_shares[] = {
#embed "../../stdlib/spatial_shares.cq"
};

static const unsigned char concordance[] = {
#embed "../../stdlib/concordance.cq"
};

static const unsigned char cluster_detection[] = {
#embed "../../stdlib/cluster_detection.cq"
};

const cq_library_file cq_library_file_table[] = {
  {"measures.cq", measures, sizeof measures},
  {"inequality.cq", inequality, sizeof inequality},
  {"statistics.cq", statistics, sizeof statistics},
  {"specialization.cq", specialization, sizeof specialization},
  {"diversity.cq", diversity, sizeof diversity},
  {"concentration.cq", concentration, sizeof concentration},
  {"growth.cq", growth, sizeof growth},
  {"clusters.cq", clusters, sizeof clusters},
  {"scorecards.cq", scorecards, sizeof scorecards},
  {"coverage.cq", coverage, sizeof coverage},
  {"convergence.cq", convergence, sizeof convergence},
  {"spatial.cq", spatial, sizeof spatial},
  {"export_base.cq", export_base, sizeof export_base},
  {"gravity.cq", gravity, sizeof gravity},
  {"classes.cq", classes, sizeof classes},
  {"complexity.cq", complexity, sizeof complexity},
  {"relatedness.cq", relatedness, sizeof relatedness},
  {"input_output.cq", input_output, sizeof input_output},
  {"trade.cq", trade, sizeof trade},
  {"concordance.cq", concordance, sizeof concordance},
  {"cluster_detection.cq", cluster_detection, sizeof cluster_detection},
  {"spatial_regression.cq", spatial_regression, sizeof spatial_regression},
  {"multivariate.cq", multivariate, sizeof multivariate},
  {"spatial_shares.cq", spatial_shares, sizeof spatial_shares},
};

const size_t cq_library_file_table_count = sizeof cq_library_file_table / sizeof cq_library_file_table[0];
